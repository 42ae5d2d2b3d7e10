// The JSON files of a run folder: what was read is written so that it reads back equal.

#include <nlohmann/json.hpp>

#include "common/error/error.hpp"
#include "common/run/event.hpp"
#include "common/run/round_line.hpp"
#include "common/run/summary.hpp"
#include "common/spec/parse.hpp"
#include "tests/fuzz/finding.hpp"
#include "tests/fuzz/target.hpp"

using namespace fedgram;

namespace {

std::string text_of(const auto& lines)
{
    std::string text;
    for (const auto& line : lines) text += to_json_line(line) + "\n";
    return text;
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const auto text = fuzz::text_of(data, size);
    fuzz::allow_refusal<DataError>([&] {
        const auto written = text_of(run::parse_rounds(text, "rounds.jsonl"));
        fuzz::require(text_of(run::parse_rounds(written, "again")) == written, "rounds read back as they are written");
    });
    fuzz::allow_refusal<DataError>([&] {
        const auto written = text_of(run::parse_events(text, "events.jsonl"));
        fuzz::require(text_of(run::parse_events(written, "again")) == written, "events read back as they are written");
    });
    const auto parsed = [](std::string_view json) {
        try {
            return run::to_json(run::parse_summary(spec::parse_json_text(json, "summary.json"), "summary")).dump();
        } catch (const SpecError& error) {
            throw DataError{error.what()};
        }
    };
    fuzz::allow_refusal<DataError>([&] {
        const auto written = parsed(text);
        fuzz::require(parsed(written) == written, "a summary reads back as it is written");
    });
    return 0;
}
