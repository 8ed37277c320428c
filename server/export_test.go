package server

import (
	"context"
	"net/http"
	"time"
)

// AddUndecided registers a route that nobody gave a permission.
func (s *Server) AddUndecided() {
	get(s, "/undecided", access{}, func(context.Context, *none) (*none, error) { return nil, nil })
}

// AddUnknown registers a route with a permission that nobody can hold.
func (s *Server) AddUnknown() {
	get(s, "/unknown", can("orders.raed"), func(context.Context, *none) (*none, error) { return nil, nil })
}

// AddRoute registers a route for guests before the server starts.
func (s *Server) AddRoute(path string, h func(context.Context) error) {
	get(s, path, guest(), func(ctx context.Context, _ *none) (*none, error) { return &none{}, h(ctx) })
}

// HurrySockets makes a silent socket die soon.
func (s *Server) HurrySockets(d time.Duration) {
	s.times = socketTimes{ping: d, probe: d / 4, silence: d, send: d}
}

// BePatient lets handlers take longer: the race detector makes a crowd slow.
func (s *Server) BePatient() { s.workTime = 2 * time.Minute }

// Dropped counts the sockets dropped for reading too slowly.
func (s *Server) Dropped() int64 { return s.hub.dropped.Load() }

// Routes are the names of all routes, as "POST /orders", and what each asks for.
func (s *Server) Routes() map[string]string {
	all := map[string]string{}
	for _, r := range s.routes {
		all[r.name] = r.access.permission
	}
	return all
}

// Test answers one request without a port.
func (s *Server) Test(r *http.Request) (*http.Response, error) { return s.app.Test(r, 5000) }
