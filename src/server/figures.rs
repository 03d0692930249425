//! The gate's counters as figures for `/metrics`.

use crate::gate::CountersSnapshot;
use crate::http::metrics::Figure;

/// All of them, in the order in which a request passes them.
pub(super) fn of(counters: &CountersSnapshot) -> Vec<Figure> {
    let counter = |name, help, value| Figure { name, kind: "counter", help, values: vec![(None, value)] };
    let gauge = |name, help, value| Figure { name, kind: "gauge", help, values: vec![(None, value)] };
    let refused = counters.refused.iter().map(|(reason, count)| (Some(("reason", *reason)), *count)).collect();
    vec![
        counter("connections_accepted_total", "Connections of clients.", counters.accepted),
        counter("connection_errors_total", "Connections that the system could not give.", counters.accept_errors),
        gauge("connections_open", "Connections of clients open, event streams included.", counters.open),
        gauge("event_streams_open", "Event streams open.", counters.streams_open),
        counter("gate_requests_total", "Requests let in.", counters.requests),
        counter("gate_responses_total", "Answers.", counters.responses),
        counter("gate_responses_at_once_total", "Those that the gate gave itself, from memory.", counters.at_once),
        Figure { name: "gate_refused_total", kind: "counter", help: "Requests refused and connections cut.", values: refused },
        gauge("queue_depth", "Requests that wait for a worker.", counters.queue_depth),
        counter("received_bytes_total", "Bytes from clients.", counters.bytes_in),
        counter("sent_bytes_total", "Bytes to clients.", counters.bytes_out),
        gauge("request_bytes_held", "Bytes of requests in memory.", counters.request_bytes_held),
        gauge("response_bytes_held", "Bytes of answers in memory that clients have not taken.", counters.response_bytes_held),
        gauge("inner_connections_open", "Connections between the gate and the workers.", counters.inner_open),
        gauge("inner_connections_busy", "Those with a request.", counters.inner_busy),
        counter("inner_connections_lost_total", "Those that ended and had to be opened again.", counters.inner_lost),
    ]
}
