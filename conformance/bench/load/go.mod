// The load of the benchmark: only the standard library, the same for every server.
module kubefacade.dev/conformance/bench/load

go 1.26.0
