package rest

import (
	"errors"
	"net/http"
	"strconv"
	"time"

	"github.com/prometheus/client_golang/prometheus"
)

// Metrics are the HTTP metrics. Their labels come from the route table and
// from short lists, never from what a client writes, so that their number is
// bounded and no path with an e-mail address becomes a label.
type Metrics struct {
	requests *prometheus.CounterVec
	duration *prometheus.HistogramVec
	inFlight prometheus.Gauge
	unknown  *prometheus.CounterVec

	// The two instruments of each label that was met, because finding them by
	// their labels is half of what a measurement costs.
	known lookup[measured, *instruments]
}

// measured is the labels of a request.
type measured struct {
	method, route string
	status        int
}

type instruments struct {
	requests prometheus.Counter
	duration prometheus.Observer
}

// of gives the instruments for the labels. Their number is bounded: methods
// and routes are ours.
func (m *Metrics) of(labels measured) *instruments {
	return m.known.get(labels, func() *instruments {
		return &instruments{
			requests: m.requests.WithLabelValues(labels.method, labels.route, strconv.Itoa(labels.status)),
			duration: m.duration.WithLabelValues(labels.method, labels.route),
		}
	})
}

// NewMetrics makes the metrics and registers them.
func NewMetrics(reg prometheus.Registerer) (*Metrics, error) {
	m := &Metrics{
		requests: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "passmuster_http_requests_total",
			Help: "Requests answered, by method, route pattern and status (499: the client did not wait).",
		}, []string{"method", "route", "status"}),
		duration: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name:    "passmuster_http_request_duration_seconds",
			Help:    "Time from the request's header to the end of its answer.",
			Buckets: []float64{.0005, .001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10},
		}, []string{"method", "route"}),
		inFlight: prometheus.NewGauge(prometheus.GaugeOpts{
			Name: "passmuster_http_requests_in_flight",
			Help: "Requests being served now.",
		}),
		unknown: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "passmuster_http_unknown_query_parameters_total",
			Help: "Query parameters that the operation does not have and that were ignored.",
		}, []string{"operation"}),
	}
	err := errors.Join(reg.Register(m.requests), reg.Register(m.duration), reg.Register(m.inFlight), reg.Register(m.unknown))
	return m, err
}

// Middleware observes each request once, when its answer is complete.
func (m *Metrics) Middleware(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		x := exchangeOf(r.Context())
		if x == nil {
			next.ServeHTTP(w, r)
			return
		}
		m.inFlight.Inc()
		defer func() { // also when the handler aborts the connection
			m.inFlight.Dec()
			i := m.of(measured{methodLabel(r.Method), x.pattern(), x.outcome()})
			i.requests.Inc()
			i.duration.Observe(time.Since(x.began).Seconds())
			if x.unknown > 0 {
				m.unknown.WithLabelValues(x.operation()).Add(float64(x.unknown))
			}
		}()
		next.ServeHTTP(w, r)
	})
}
