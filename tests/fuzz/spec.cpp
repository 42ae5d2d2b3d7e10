// A specification's text: read, and written so that it reads back equal.

#include <nlohmann/json.hpp>

#include "common/error/error.hpp"
#include "common/spec/parse.hpp"
#include "tests/fuzz/finding.hpp"
#include "tests/fuzz/target.hpp"

using namespace fedgram;

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    fuzz::allow_refusal<SpecError>([&] {
        const auto resolved =
            to_json(spec::parse_experiment(spec::parse_json_text(fuzz::text_of(data, size), "spec.json")));
        try {
            const auto again = to_json(spec::parse_experiment(spec::parse_json_text(resolved.dump(2), "again")));
            fuzz::require(again == resolved, "a spec that is written reads back equal");
        } catch (const SpecError& error) {
            throw fuzz::BrokenProperty{std::string{"a spec that was read is refused once written: "} + error.what()};
        }
    });
    return 0;
}
