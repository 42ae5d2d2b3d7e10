#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "common/spec/experiment.hpp"

namespace fedgram::spec {

/// What a federated training may do beyond FedAvg, in the order in which reports have it.
enum class Method { strategy, compression, pruning, privacy, secure_aggregation };

[[nodiscard]] std::string_view name(Method method);
/// "strategy", "compression", "pruning", "privacy", "secure aggregation", in the order of the enumeration.
[[nodiscard]] const std::vector<std::string_view>& method_names();

/// A method that a training uses, in words for people. What Work is counted for it is counted elsewhere:
/// common/learning/training/node_work.hpp and coordinator/strategies, for strategies.
struct MethodWords {
    Method method = Method::strategy;
    std::string what;            ///< "FedAdam, paper's form, server rate 0.1, beta1 0.9, beta2 0.99, tau 0.001"
    std::string source;          ///< "Reddi et al. 2020, arXiv:2003.00295"
    std::string at_nodes;        ///< what it adds to local training: "1 FLOP and ... for each ..."; empty: nothing
    std::string at_coordinator;  ///< what it adds to aggregation; empty: nothing
    std::string on_the_wire;     ///< what it changes of the bytes of an update; empty: nothing

    friend bool operator==(const MethodWords&, const MethodWords&) = default;
};

/// Those of a training, in the order of the enumeration; none of plain FedAvg.
[[nodiscard]] std::vector<MethodWords> methods_of(const Federated& training);

/// How the local training of a federated training in a resolved specification differs from plain SGD at one rate, in
/// words for people: "AdamW, gradient clip 1, cosine rate"; empty where it doesn't. None of that is a Method: whatever
/// it computes is local training. Throws SpecError that names the key below `path`.
[[nodiscard]] std::string local_training_words(const nlohmann::ordered_json& training, const std::string& path);

/// Whether a training uses none: others that differ from it in their methods alone are measured by it.
[[nodiscard]] bool is_plain_fedavg(const Federated& training);
/// The same of a federated training in a resolved specification.
[[nodiscard]] bool is_plain_fedavg(const nlohmann::ordered_json& training);

/// What decides the result of a federated training in a resolved specification, but for its methods, as text: trainings
/// of one run that share it differ in their methods alone.
[[nodiscard]] std::string setting_beside_methods(nlohmann::ordered_json training);

}  // namespace fedgram::spec
