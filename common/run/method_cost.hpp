#pragma once

#include <string>

#include <nlohmann/json_fwd.hpp>

#include "common/energy/work/work.hpp"
#include "common/spec/method.hpp"

namespace fedgram::run {

/// What a method has added to a federated training so far, beside what FedAvg takes: FLOPs, memory traffic and kernels.
/// Sums are exact. What it changes of the bytes on the wire is in the ledger.
struct MethodCost {
    spec::MethodWords words;
    energy::Work nodes;        ///< of those whose updates are in the model
    energy::Work coordinator;  ///< part of its ledger lines `aggregate`

    friend bool operator==(const MethodCost&, const MethodCost&) = default;
};

[[nodiscard]] nlohmann::ordered_json to_json(const MethodCost& cost);
/// Throws SpecError that names the key below `path`.
[[nodiscard]] MethodCost parse_method_cost(const nlohmann::ordered_json& json, const std::string& path);

}  // namespace fedgram::run
