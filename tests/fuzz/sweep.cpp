// A sweep's file: read, and written into its folder so that it reads back equal.

#include <nlohmann/json.hpp>

#include "common/error/error.hpp"
#include "common/spec/parse.hpp"
#include "experiments/sweep/sweep_file.hpp"
#include "experiments/sweep/sweep_runs.hpp"
#include "tests/fuzz/finding.hpp"
#include "tests/fuzz/target.hpp"

using namespace fedgram;

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    fuzz::allow_refusal<SpecError>([&] {
        const auto plan = experiments::parse_sweep(spec::parse_json_text(fuzz::text_of(data, size), "sweep"));
        auto written = nlohmann::ordered_json::parse(experiments::sweep_text(plan));
        written.erase("format");
        const auto again = experiments::parse_sweep(written);
        fuzz::require(experiments::sweep_text(again) == experiments::sweep_text(plan), "it reads back equal");
    });
    return 0;
}
