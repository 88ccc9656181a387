package launch

// kubernetes reads the index of a pod of an Indexed Job, which Kubernetes sets, and the number of pods and the address of the
// first, which the Job's manifest must set: pods reach each other by name through a headless service
// (https://kubernetes.io/docs/tasks/job/job-with-pod-to-pod-communication/). Without that number, the pods of the Job train one
// model each.
func kubernetes(r *reader) (Place, bool) {
	if !r.has("JOB_COMPLETION_INDEX") || !r.has("WORLD_SIZE") {
		return Place{}, false
	}
	p := Place{Rank: r.number("JOB_COMPLETION_INDEX", 0), Size: r.number("WORLD_SIZE", 1), LocalSize: 1, Port: DefaultPort}
	if p.Size > 1 {
		p.Host = r.needed("MASTER_ADDR")
		if r.has("MASTER_PORT") {
			p.Port = r.port("MASTER_PORT")
		}
	}
	return p, true
}
