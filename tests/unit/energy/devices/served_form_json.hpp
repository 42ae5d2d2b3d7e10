#pragma once

#include <nlohmann/json.hpp>

namespace fedgram::energy::test {

/// 1 GMAC in float32: engine 1, 2 and 5 ms for 1, 4 and 8; 0.4 ms of each batch and 0.1 ms of each request; 0.5 ms of
/// round trip; in an open loop 0.2 ms of each request, and 0.3 ms of waking. Core-seconds: 0.6 ms and 0.1 ms of the
/// server, 0.2 and 0.1 ms of its clients, 0.8 and 0.2 ms of both where all cores are busy.
inline nlohmann::ordered_json served_form_json()
{
    return nlohmann::ordered_json::parse(R"({
        "name": "net", "numbers": "fp32", "macs": 1000000000, "weight_bytes": 100,
        "engine_s": [[1, 0.001], [4, 0.002], [8, 0.005]], "source": "a stopwatch",
        "figures": {
            "batch_s": {"value": 0.0004, "standing": "fitted", "source": "a line"},
            "request_s": {"value": 0.0001, "standing": "fitted", "source": "a line"},
            "round_trip_s": {"value": 0.0005, "standing": "fitted", "source": "a client"},
            "arrival_s": {"value": 0.0002, "standing": "fitted", "source": "an open loop"},
            "wake_s": {"value": 0.0003, "standing": "fitted", "source": "an open loop"},
            "server_batch_core_s": {"value": 0.0006, "standing": "fitted", "source": "a line"},
            "server_request_core_s": {"value": 0.0001, "standing": "fitted", "source": "a line"},
            "client_batch_core_s": {"value": 0.0002, "standing": "fitted", "source": "a line"},
            "client_request_core_s": {"value": 0.0001, "standing": "fitted", "source": "a line"},
            "full_batch_core_s": {"value": 0.0008, "standing": "fitted", "source": "a line"},
            "full_request_core_s": {"value": 0.0002, "standing": "fitted", "source": "a line"}
        }
    })");
}

}  // namespace fedgram::energy::test
