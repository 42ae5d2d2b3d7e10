// ledger.jsonl: what was read is written so that it reads back equal.

#include "common/run/ledger.hpp"

#include <nlohmann/json.hpp>

#include "common/error/error.hpp"
#include "tests/fuzz/finding.hpp"
#include "tests/fuzz/target.hpp"

using namespace fedgram;

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    fuzz::allow_refusal<DataError>([&] {
        const auto lines = run::parse_ledger(fuzz::text_of(data, size), "ledger.jsonl");
        std::string written;
        for (const auto& line : lines) {
            const auto text = to_json_line(line);
            fuzz::require(nlohmann::json::accept(text), "a ledger line is JSON");
            written += text + "\n";
        }
        try {
            fuzz::require(run::parse_ledger(written, "again") == lines, "a ledger that is written reads back equal");
        } catch (const DataError& error) {
            throw fuzz::BrokenProperty{std::string{"a ledger that was read is refused once written: "} + error.what()};
        }
    });
    return 0;
}
