#pragma once

#include <cstdint>
#include <string>

#include <nlohmann/json_fwd.hpp>

#include "common/energy/work/work.hpp"
#include "common/spec/method.hpp"

namespace fedgram::run {

/// Between the coordinator and its nodes; up is to the coordinator.
struct Messages {
    std::uint64_t up = 0;
    std::uint64_t down = 0;

    [[nodiscard]] bool none() const { return up == 0 && down == 0; }
    Messages& operator+=(const Messages& other)
    {
        up += other.up;
        down += other.down;
        return *this;
    }
    friend bool operator==(const Messages&, const Messages&) = default;
};

/// What a method has added to a federated training so far, beside what FedAvg takes: FLOPs, memory traffic and kernels.
/// Sums are exact. What it changes of the bytes on the wire is in the ledger.
struct MethodCost {
    spec::MethodWords words;
    energy::Work nodes;        ///< of those whose updates are in the model
    energy::Work coordinator;  ///< part of its ledger lines `aggregate`
    Messages messages{};       ///< of a method that is a protocol, beside the model on its way down

    friend bool operator==(const MethodCost&, const MethodCost&) = default;
};

[[nodiscard]] nlohmann::ordered_json to_json(const MethodCost& cost);
/// Throws SpecError that names the key below `path`.
[[nodiscard]] MethodCost parse_method_cost(const nlohmann::ordered_json& json, const std::string& path);

}  // namespace fedgram::run
