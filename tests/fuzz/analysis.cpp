// analysis.json and the measurements behind it: what was read can be shown, and reads back equal.

#include <nlohmann/json.hpp>

#include "common/error/error.hpp"
#include "common/report/serving/serving_section.hpp"
#include "common/run/analysis_file.hpp"
#include "common/run/digested_lines.hpp"
#include "common/spec/parse.hpp"
#include "experiments/analysis/journal.hpp"
#include "tests/fuzz/finding.hpp"
#include "tests/fuzz/target.hpp"

using namespace fedgram;
using Json = nlohmann::ordered_json;

namespace {

Json parsed(std::string_view text)
{
    try {
        return spec::parse_json_text(text, "text");
    } catch (const SpecError& error) {
        throw DataError{error.what()};
    }
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const auto text = fuzz::text_of(data, size);
    fuzz::allow_refusal<DataError>([&] {
        const run::Analysis analyses[] = {run::parse_analysis(text, "analysis.json")};
        fuzz::require(!report::serving_section(analyses).empty(), "an analysis can be shown");
        fuzz::require(report::serving_json(analyses).size() == 1, "an analysis is one in JSON");
        fuzz::require(*run::parse_analysis(analyses[0].json->dump(), "again").json == *analyses[0].json,
                      "an analysis reads back as it is written");
    });
    fuzz::allow_refusal<DataError>([&] {
        const auto entry = experiments::analysis::entry_from_json(parsed(text), "line");
        fuzz::require(experiments::analysis::entry_from_json(to_json(entry), "again") == entry,
                      "a measurement reads back as it is written");
    });
    fuzz::allow_refusal<DataError>([&] {
        std::string written;
        run::DigestedLines again;
        const auto whole = run::DigestedLines{}.read(
            text, "measurements.jsonl", [&](const Json& object, const std::string&) { written += again.next(object); });
        fuzz::require(written == text.substr(0, whole), "lines with digests read back as they are written");
    });
    return 0;
}
