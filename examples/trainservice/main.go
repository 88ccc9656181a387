// Command trainservice trains models for whoever sends it tables: one at a time, in the background, to be asked about and
// cancelled.
//
//	go run ./examples/trainservice runs
//	curl --data-binary @events.csv localhost:8080/trainings          {"id":1}
//	curl localhost:8080/trainings/1                                  how far it is
//	curl -X DELETE localhost:8080/trainings/1                        stops it, with a checkpoint
//
// The service listens on this machine alone, since it asks nobody who they are.
package main

import (
	"log"
	"net/http"
	"os"
	"time"
)

func main() {
	if len(os.Args) != 2 {
		log.Fatal("usage: trainservice DIRECTORY")
	}
	server := http.Server{Addr: "127.0.0.1:8080", Handler: newService(os.Args[1], 20).handler(), ReadHeaderTimeout: 10 * time.Second}
	log.Fatal(server.ListenAndServe())
}
