#pragma once

#include <filesystem>
#include <string>

#include <nlohmann/json.hpp>

#include "tests/support/temporary_folder.hpp"

namespace fedgram::test {

/// An analysis.json by hand: one configuration beside the default, which breaks the goal.
inline nlohmann::ordered_json analysis_document()
{
    using Json = nlohmann::ordered_json;
    const auto configuration = [](const char* words, int max_batch, int clients, double throughput, double p99) {
        return Json{{"device", "t4"},
                    {"variant", 0},
                    {"max_batch", max_batch},
                    {"instances", 1},
                    {"queue_delay_us", 0},
                    {"concurrency", clients},
                    {"failure", ""},
                    {"stable", true},
                    {"throughput_per_s", throughput},
                    {"requests", 1000},
                    {"refused", 0},
                    {"p50_ms", 1},
                    {"p90_ms", 1.5},
                    {"p95_ms", 2},
                    {"p99_ms", p99},
                    {"mean_ms", 1.25},
                    {"mean_queue_ms", 0.25},
                    {"memory_bytes", 6e6},
                    {"accuracy", nullptr},
                    {"joules_per_1000", 8.8},
                    {"gco2e_per_1000", 0.25},
                    {"idle_share", 0.5},
                    {"core_seconds_per_1000", nullptr},
                    {"model", "float32"},
                    {"configuration", words},
                    {"keeps_constraints", p99 <= 15},
                    {"curve", Json::array()}};
    };
    auto best = configuration("float32 with 1 instance and batches of at most 8", 8, 64, 1230, 12.5);
    best["curve"] = {{{"concurrency", 1}, {"p99_ms", 2.5}, {"throughput_per_s", 400}, {"memory_bytes", 6e6}},
                     {{"concurrency", 64}, {"p99_ms", 12.5}, {"throughput_per_s", 1230}, {"memory_bytes", 6e6}}};
    best["loads"] = {{{"load", "at capacity"},
                      {"requests_per_s", 1500},
                      {"devices", 1},
                      {"p99_ms", nullptr},
                      {"joules_per_1000", 7.5},
                      {"gco2e_per_1000", nullptr},
                      {"idle_share", 0},
                      {"stable", true},
                      {"keeps_constraints", false}}};
    return {{"format", 1},
            {"model", "small-cnn"},
            {"devices", {"t4", "a100"}},
            {"goal", "maximizing throughput; p99 latency at most 15.0 ms"},
            {"sentence", "In 2 measurements across 2 configurations, float32 is the best."},
            {"measurements", 2},
            {"configurations", 2},
            {"percent_better", nullptr},
            {"constraints", Json::array({{{"metric", "p99 latency"}, {"at_most", 15}}})},
            {"objectives", Json::array({{{"metric", "throughput"}, {"weight", 1}}})},
            {"best", Json::array({best})},
            {"default", configuration("float32 with 1 instance and no batches", 1, 64, 500, 128)},
            {"notes", {"t4: watts enclose the card."}}};
}

/// Makes the folder with such a document in it.
inline void write_analysis(const std::filesystem::path& folder,
                           const nlohmann::ordered_json& document = analysis_document())
{
    std::filesystem::create_directories(folder);
    write_file(folder / "analysis.json", document.dump(2) + "\n");
}

}  // namespace fedgram::test
