#pragma once

#include <filesystem>
#include <string>

#include <nlohmann/json.hpp>

#include "tests/support/sample_run.hpp"
#include "tests/support/temporary_folder.hpp"

namespace fedgram::carbon::test {

/// The folder of a run like `run()`, with a wasted line at the ledger's end; it lasts as long as its test.
class RunFolder {
public:
    using Json = nlohmann::ordered_json;

    explicit RunFolder(std::uint64_t seed = 1)
    {
        write("spec.json", spec(seed).dump());
        write("summary.json", summary().dump());
        write("ledger.jsonl", ledger());
    }

    static Json spec(std::uint64_t seed = 1)
    {
        return {{"name", "sample"},
                {"seed", seed},
                {"target_accuracy", 0.9},
                {"stop", {{"evaluations_in_a_row", 2}}},
                {"title_note", "quick"},
                {"model", {{"name", "small-cnn"}}},
                {"data", {{"dataset", "fashion-mnist"}}},
                {"trainings", Json::array({{{"label", "central"}}, {{"label", "fl"}}})},
                {"accounting", to_json(test::accounting())}};
    }

    static Json summary()
    {
        const auto training = [](const char* label, const char* kind, bool reached) {
            return Json{{"label", label},
                        {"kind", kind},
                        {"reached_target", reached},
                        {"ended_by", reached ? "target" : "limit"},
                        {"test_accuracy", 0.901},
                        {"best_test_accuracy", 0.902},
                        {"rounds", 1},
                        {"host_cpu_seconds", 12.5},
                        {"host_wall_seconds", 7}};
        };
        return {
            {"raw_data_bytes", 47040000},
            {"trainings", Json::array({training("central", "centralized", true), training("fl", "federated", false)})}};
    }

    static std::string ledger()
    {
        std::string text;
        for (const auto& lines : {test::centralized_lines(), test::federated_lines()})
            for (const auto& line : lines) text += run::to_json_line(line) + "\n";
        auto wasted = test::federated_lines().front();
        wasted.wasted = true;
        return text + run::to_json_line(wasted) + "\n";
    }

    void write(const std::string& name, const std::string& text) const
    {
        fedgram::test::write_file(folder_ / name, text);
    }
    void remove(const std::string& name) const { std::filesystem::remove(folder_ / name); }

    [[nodiscard]] const std::filesystem::path& path() const { return folder_.path(); }

private:
    fedgram::test::TemporaryFolder folder_;
};

}  // namespace fedgram::carbon::test
