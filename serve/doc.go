// Package serve answers over HTTP what trained models say about measured momenta: the Open Inference Protocol v2 with its
// binary tensors for machines, /v1/retrieve in the field's own terms for people, and what operators want beside it.
//
//	model, err := serve.Open(ctx, "ocs", "run/ocs-cinn")
//	server, err := serve.New([]*serve.Model{model}, serve.Config{})
//	err = server.Run(ctx) // until ctx is done, and then until what is under way is answered
//
// # One batch for many
//
// Requests wait in a queue for one of the model's workers, which takes what is there and draws it as one batch: nobody
// waits for a batch to fill up. Each request gets a share of every batch at least, so that small ones pass between the
// parts of a huge one. Answers depend on the model, the momenta, the number of samples and the seed alone (see
// posterior.Drawing), whatever they were drawn with.
//
// # What is bounded
//
// Bodies, events, samples, draws, and the requests and draws that are under way from their arrival to the last byte of their
// answer: memory does not grow with the load. A request that finds the house full gets 503 with Retry-After at once; one
// whose time is up, or whose client went away, is dropped before the model sees it.
//
// # Who may ask
//
// It listens on loopback unless told otherwise. With a token, all but health, the page and the API's description ask for it.
// Models are named when the server starts; a name in a request is looked up among those, and is never part of a path.
//
// # The end
//
// When Run's context is done, the server says that it is not ready, refuses what is new with 503, answers what is under way,
// and returns nil; or an error where DrainTimeout was too short for that.
package serve
