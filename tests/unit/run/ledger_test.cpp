#include "common/run/ledger.hpp"

#include <filesystem>
#include <fstream>
#include <limits>
#include <string>

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include <unistd.h>

#include "common/error/error.hpp"
#include "common/run/ledger_text.hpp"
#include "tests/support/temporary_folder.hpp"

using namespace fedgram;
using namespace fedgram::energy;
using namespace fedgram::run;

namespace {

std::vector<LedgerLine> lines_of(const std::filesystem::path& path, LastLine last = LastLine::is_whole)
{
    std::vector<LedgerLine> lines;
    read_ledger(
        path, [&](LedgerLine line) { lines.push_back(std::move(line)); }, last);
    return lines;
}

// A file that lasts as long as its test.
class LedgerFile {
public:
    explicit LedgerFile(const std::string& text)
        : path_{std::filesystem::temp_directory_path() / ("fedgram-ledger-" + std::to_string(getpid()) + ".jsonl")}
    {
        std::ofstream{path_, std::ios::binary} << text;
    }
    ~LedgerFile() { std::filesystem::remove(path_); }
    LedgerFile(const LedgerFile&) = delete;
    LedgerFile& operator=(const LedgerFile&) = delete;

    [[nodiscard]] const std::filesystem::path& path() const { return path_; }

    [[nodiscard]] std::string error() const
    {
        try {
            (void)lines_of(path_);
        } catch (const DataError& error) {
            const std::string text = error.what();
            REQUIRE(text.starts_with(path_.string()));
            return text.substr(path_.string().size());
        }
        return "no error";
    }

private:
    std::filesystem::path path_;
};

LedgerLine example()
{
    return {{7, 3, Phase::train, {6000, 188, 123456789012345678, 42, 6768, 0, 0}},
            "federated-iid",
            Seconds{0.1},
            Joules{1.0 / 3},
            "modelled",
            "module",
            "device profile jetson-tx2"};
}

std::string without(std::string text, const std::string& part, const std::string& instead = "")
{
    const auto at = text.find(part);
    REQUIRE(at != std::string::npos);
    return text.replace(at, part.size(), instead);
}

}  // namespace

TEST_CASE("A ledger line is written as this")
{
    CHECK(to_json_line(example()) ==
          R"({"training":"federated-iid","node":7,"round":3,"phase":"train","samples":6000,"steps":188,)"
          R"("flops":123456789012345678,"memory_bytes":42,"kernels":6768,"bytes_down":0,"bytes_up":0,"seconds":0.1,)"
          R"("joules":0.3333333333333333,"method":"modelled","boundary":"module",)"
          R"("provenance":"device profile jetson-tx2","wasted":false})");
}

TEST_CASE("Lines that are written together are those that are written one by one")
{
    std::vector<LedgerLine> lines;
    for (std::uint32_t node = 0; node < 3; ++node)
        for (const auto phase : {Phase::download, Phase::train}) {
            lines.push_back(example());
            lines.back().node = node;
            lines.back().phase = phase;
        }
    const auto changed = [&](auto change) {
        lines.push_back(example());
        change(lines.back());
        lines.push_back(lines.back());
    };
    changed([](auto& line) { line.node.reset(); });
    changed([](auto& line) { line.round = 4; });
    changed([](auto& line) { line.training = "another"; });
    changed([](auto& line) { line.work.bytes_up = 1; });
    changed([](auto& line) { line.seconds = Seconds{0.0}; });
    changed([](auto& line) { line.seconds = Seconds{-0.0}; });
    changed([](auto& line) { line.joules = Joules{0.25}; });
    changed([](auto& line) { line.method = "measured"; });
    changed([](auto& line) { line.boundary = "wall"; });
    changed([](auto& line) { line.provenance = "\"quoted\""; });
    changed([](auto& line) { line.wasted = true; });
    changed([](auto& line) { line.has_kernels = false; });
    LedgerText together;
    std::string one_by_one;
    for (const auto& line : lines) {
        together.append(line);
        one_by_one += to_json_line(line) + "\n";
    }
    CHECK(together.text() == one_by_one);
}

TEST_CASE("Ledger lines read back equal")
{
    auto coordinator = example();
    coordinator.node.reset();
    coordinator.phase = Phase::aggregate;
    coordinator.joules = Joules{5e-324};
    coordinator.seconds = Seconds{std::numeric_limits<double>::max()};
    coordinator.work.flops = std::numeric_limits<std::uint64_t>::max();
    auto odd = example();
    odd.training = "a \"quoted\" \\ label\nof two lines, \xC3\xA9t\xC3\xA9";
    odd.wasted = true;
    const std::vector lines{example(), coordinator, odd, example()};

    std::string text;
    for (const auto& line : lines) {
        CHECK(nlohmann::json::accept(to_json_line(line)));
        text += to_json_line(line) + "\n";
    }
    const LedgerFile file{text};
    const auto read = lines_of(file.path());
    CHECK(read == lines);
}

TEST_CASE("The order of keys and the blanks between them don't matter")
{
    auto json = nlohmann::json::parse(to_json_line(example()));  // keys sorted by name
    std::string text = json.dump();
    text = without(text, ",\"", " ,\t\"");
    const LedgerFile file{text + "\r\n"};
    const auto read = lines_of(file.path());
    REQUIRE(read.size() == 1);
    CHECK(read[0] == example());
}

TEST_CASE("An empty ledger has no lines") { CHECK(lines_of(LedgerFile{""}.path()).empty()); }

TEST_CASE("Half a line at the end is an error, unless the process that wrote it may have been killed")
{
    const auto good = to_json_line(example());
    const LedgerFile file{good + "\n" + good.substr(0, 100)};
    CHECK(file.error() == ":2: the line is cut off");
    CHECK(lines_of(file.path(), LastLine::may_be_cut_off) == std::vector{example()});
    // A whole line without its newline can't be told from a number that lacks its last digits.
    CHECK(lines_of(LedgerFile{good}.path(), LastLine::may_be_cut_off).empty());
    CHECK(lines_of(LedgerFile{good}.path()).size() == 1);
}

TEST_CASE("A damaged ledger is an error with path and line")
{
    const auto good = to_json_line(example());
    const auto second = [&](const std::string& line) { return LedgerFile{good + "\n" + line + "\n"}.error(); };

    CHECK(second(good.substr(0, 100)) == ":2: the line is cut off");
    CHECK(second("") == ":2: the line is cut off");
    CHECK(second("[]") == ":2: '[' where '{' should stand");
    CHECK(second(good + "x") == ":2: text after the object");
    CHECK(second(without(good, "\"joules\":0.3333333333333333,")) == ":2: no key \"joules\"");
    CHECK(second(without(good, "\"joules\"", "\"watts\"")) == ":2: unknown key \"watts\"");
    CHECK(second(without(good, "\"joules\"", "\"seconds\"")) == ":2: key \"seconds\" stands twice");
    CHECK(second(without(good, "\"node\":7", "\"node\":\"boss\"")) ==
          ":2: node: \"boss\" is neither a number nor \"coordinator\"");
    CHECK(second(without(good, "\"node\":7", "\"node\":5000000000")) ==
          ":2: node: \"5000000000\" is no whole number of at least 0 in range");
    CHECK(second(without(good, "\"samples\":6000", "\"samples\":60.5")) ==
          ":2: samples: \"60.5\" is no whole number of at least 0 in range");
    CHECK(second(without(good, "\"seconds\":0.1", "\"seconds\":-1")) ==
          ":2: seconds: \"-1\" is no number of at least 0 in range");
    CHECK(second(without(good, "\"seconds\":0.1", "\"seconds\":inf")) ==
          ":2: seconds: \"inf\" is no number of at least 0 in range");
    CHECK(second(without(good, "\"seconds\":0.1", "\"seconds\":1e999")) ==
          ":2: seconds: \"1e999\" is no number of at least 0 in range");
    CHECK(second(without(good, "\"train\"", "\"dance\"")) == ":2: phase: \"dance\" is unknown");
    CHECK(second(without(good, "false", "0")) == ":2: wasted: neither true nor false");
    for (const std::string text : {"\\q", "\t", "\xff", "\xff\\n"})
        CHECK(second(without(good, "modelled", text)) ==
              ":2: a text with an escape, a control character or a byte that JSON doesn't have");
}

TEST_CASE("A ledger that isn't there is an error")
{
    const test::TemporaryFolder folder;
    CHECK_THROWS_AS(lines_of(folder / "ledger.jsonl"), DataError);
    CHECK_THROWS_AS(lines_of(folder.path()), DataError);
}
