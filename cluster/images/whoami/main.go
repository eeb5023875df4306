// Whoami answers every HTTP request with the name and the addresses of the pod that served it, then the request itself.
// It is this project's own stand-in for traefik/whoami, so that the lab's Deployment runs without an image registry.
package main

import (
	"flag"
	"fmt"
	"log"
	"net"
	"net/http"
	"net/http/httputil"
	"os"
)

func main() {
	port := flag.Int("port", 80, "TCP port to listen on")
	flag.Parse()

	log.Printf("whoami listens on port %d", *port)
	log.Fatal(http.ListenAndServe(fmt.Sprintf(":%d", *port), http.HandlerFunc(answer)))
}

func answer(w http.ResponseWriter, r *http.Request) {
	hostname, err := os.Hostname()
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	addresses, err := net.InterfaceAddrs()
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	request, err := httputil.DumpRequest(r, false)
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}

	fmt.Fprintln(w, "Hostname:", hostname)
	for _, address := range addresses {
		if prefix, ok := address.(*net.IPNet); ok {
			fmt.Fprintln(w, "IP:", prefix.IP)
		}
	}
	fmt.Fprintln(w, "RemoteAddr:", r.RemoteAddr)
	w.Write(request)
}
