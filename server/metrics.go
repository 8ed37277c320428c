package server

import (
	"net/http"
	"strconv"
	"time"

	"github.com/gofiber/fiber/v2"
	"github.com/gofiber/fiber/v2/middleware/adaptor"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"
)

// metrics counts what the server does. There is nothing of the shop's business in it.
type metrics struct {
	registry *prometheus.Registry
	requests *prometheus.CounterVec
	seconds  *prometheus.HistogramVec
	other    *routeStats
}

// routeStats are the counters of one route, looked up once: a request only adds to them.
type routeStats struct {
	answers [6]prometheus.Counter // by the first digit of the status
	seconds prometheus.Observer
}

func newMetrics(s *Server) *metrics {
	m := &metrics{
		registry: prometheus.NewRegistry(),
		requests: prometheus.NewCounterVec(prometheus.CounterOpts{Name: "onhand_http_requests_total", Help: "Requests answered."}, []string{"method", "route", "status"}),
		seconds: prometheus.NewHistogramVec(prometheus.HistogramOpts{Name: "onhand_http_request_seconds", Help: "Time to answer a request.",
			Buckets: []float64{.001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 5}}, []string{"method", "route"}),
	}
	m.registry.MustRegister(m.requests, m.seconds, collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	gauge := func(name, help string, value func() float64) {
		m.registry.MustRegister(prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: name, Help: help}, value))
	}
	counter := func(name, help string, value func() float64) {
		m.registry.MustRegister(prometheus.NewCounterFunc(prometheus.CounterOpts{Name: name, Help: help}, value))
	}
	gauge("onhand_live_sockets", "Live sockets that are open.", func() float64 { return float64(s.hub.count()) })
	counter("onhand_live_events_total", "Events handed to live sockets' hub.", func() float64 { return float64(s.hub.published()) })
	counter("onhand_live_dropped_total", "Live sockets dropped because they read too slowly.", func() float64 { return float64(s.hub.dropped.Load()) })
	if d := s.db; d != nil {
		gauge("onhand_writes_queued", "Writes that wait for the writer.", func() float64 { return float64(d.Queued()) })
		counter("onhand_commits_total", "Commits; writes divided by commits is the size of a batch.", func() float64 { n, _ := d.Batches(); return float64(n) })
		counter("onhand_writes_total", "Writes that were committed.", func() float64 { _, n := d.Batches(); return float64(n) })
	}
	m.other = m.forRoute("any", "other")
	return m
}

func (m *metrics) forRoute(method, path string) *routeStats {
	stats := &routeStats{seconds: m.seconds.WithLabelValues(method, path)}
	for i := 1; i < len(stats.answers); i++ {
		stats.answers[i] = m.requests.WithLabelValues(method, path, strconv.Itoa(i)+"xx")
	}
	return stats
}

func (m *metrics) count(rt *route, status int, took time.Duration) {
	stats := m.other
	if rt != nil {
		stats = rt.stats
	}
	if class := status / 100; class > 0 && class < len(stats.answers) {
		stats.answers[class].Inc()
	}
	stats.seconds.Observe(took.Seconds())
}

// serveMetrics answers machines beside this one only: not what came through a proxy.
func (s *Server) serveMetrics() fiber.Handler {
	h := adaptor.HTTPHandler(promhttp.HandlerFor(s.metrics.registry, promhttp.HandlerOpts{}))
	return func(c *fiber.Ctx) error {
		if !c.Context().RemoteIP().IsLoopback() || c.Get(fiber.HeaderXForwardedFor) != "" || c.Get("Forwarded") != "" {
			return refusal(http.StatusNotFound)
		}
		return h(c)
	}
}

// healthz says that the process answers.
func (s *Server) healthz(c *fiber.Ctx) error { return c.SendString("ok\n") }

// readyz says that the shop can work: the database answers, and what is saved stays saved.
func (s *Server) readyz(c *fiber.Ctx) error {
	if err := s.db.Healthy(); err != nil {
		return err
	}
	if _, err := s.lastEvent(c.UserContext()); err != nil {
		return err
	}
	return c.SendString("ready\n")
}
