#include "coordinator/trainings/training_result.hpp"

#include <nlohmann/json.hpp>

#include "common/error/error.hpp"
#include "common/learning/model/parameters.hpp"

namespace fedgram::coordinator {

namespace {

using Json = nlohmann::ordered_json;

const char* name(Ending ending)
{
    switch (ending) {
        case Ending::target:
            return "target";
        case Ending::limit:
            return "limit";
        case Ending::interrupted:
            return "interrupted";
    }
    return "";
}

}  // namespace

Json to_json(const TrainingResult& result)
{
    Json entry;
    entry["label"] = result.label;
    entry["kind"] = result.federated ? "federated" : "centralized";
    entry["reached_target"] = result.reached_target ? Json(*result.reached_target) : Json();
    entry["ended_by"] = name(result.ending);
    entry["test_accuracy"] = result.test_accuracy;
    entry["test_loss"] = result.test_loss;
    entry["best_test_accuracy"] = result.best_test_accuracy;
    entry["rounds"] = result.rounds;
    entry["virtual_seconds"] = result.virtual_seconds.count();
    entry["parameters_sha256"] = learning::sha256(result.parameters);
    if (result.federated) {
        auto& refused = entry["refused_updates"] = Json::object();
        for (const auto& [reason, count] : result.refused_updates) refused[std::string{name(reason)}] = count;
    }
    entry["wasted_lines"] = result.wasted_lines;
    entry["wasted_joules"] = result.wasted.count();
    entry["host_cpu_seconds"] = result.host_cpu_seconds;
    entry["host_wall_seconds"] = result.host_wall_seconds;
    entry["host_node_cpu_seconds"] = result.host_node_cpu_seconds;
    if (result.host_node_estimate) entry["host_node_estimate"] = energy::to_json(*result.host_node_estimate);
    entry["host_meters"] = Json::array();
    for (const auto& record : result.host_meters) entry["host_meters"].push_back(energy::to_json(record));
    return entry;
}

TrainingResult training_so_far(const Json& entry)
{
    try {
        TrainingResult result;
        result.label = entry.at("label").get<std::string>();
        result.federated = entry.at("kind") == "federated";
        result.test_accuracy = entry.at("test_accuracy").get<double>();
        result.test_loss = entry.at("test_loss").get<double>();
        result.best_test_accuracy = entry.at("best_test_accuracy").get<double>();
        result.rounds = entry.at("rounds").get<std::uint32_t>();
        result.virtual_seconds = Seconds{entry.at("virtual_seconds").get<double>()};
        if (result.federated)
            for (const auto& [reason, count] : entry.at("refused_updates").items())
                if (const auto known = learning::parse_refusal_reason(reason))
                    result.refused_updates[*known] = count.get<std::uint64_t>();
        result.wasted_lines = entry.at("wasted_lines").get<std::uint64_t>();
        result.wasted = Joules{entry.at("wasted_joules").get<double>()};
        result.host_cpu_seconds = entry.at("host_cpu_seconds").get<double>();
        result.host_wall_seconds = entry.at("host_wall_seconds").get<double>();
        result.host_node_cpu_seconds = entry.at("host_node_cpu_seconds").get<double>();
        if (entry.contains("host_node_estimate"))
            result.host_node_estimate =
                energy::parse_meter_record(entry.at("host_node_estimate"), "host_node_estimate");
        for (const auto& record : entry.at("host_meters"))
            result.host_meters.push_back(energy::parse_meter_record(record, "host_meters"));
        return result;
    } catch (const Json::exception& error) {
        throw DataError{std::string{"a checkpoint's training is damaged: "} + error.what()};
    } catch (const SpecError& error) {
        throw DataError{std::string{"a checkpoint's training is damaged: "} + error.what()};
    }
}

}  // namespace fedgram::coordinator
