// What writing a ledger costs, in CPU nanoseconds a line: rounds of 1,000 nodes as a run records them, digest included,
// beside the plain way in the same call, in which each line is an object and a text of its own and a round is written
// at once. With equal nodes, and with unequal ones. Both files must be the same.
#include <CLI/CLI.hpp>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <stdexcept>
#include <string>
#include <vector>

#include "common/error/exit_code.hpp"
#include "common/files/durable_file.hpp"
#include "common/files/files.hpp"
#include "common/run/ledger_lines.hpp"
#include "common/run/priced_round.hpp"
#include "common/run/run_folder.hpp"
#include "tests/bench/cpu_clock.hpp"
#include "tests/support/sample_run.hpp"

namespace {

using namespace fedgram;

constexpr std::uint32_t node_count = 1'000;
const std::string label = "federated";

std::vector<energy::NodeRound> nodes_of(bool equal)
{
    std::vector<energy::NodeRound> nodes;
    for (std::uint32_t i = 0; i < node_count; ++i) {
        const std::uint64_t samples = equal ? 20 : 1 + i * 7'919 % 997;
        nodes.push_back({i,
                         {samples, samples / 20 + 1, 102'272 * samples, 38'172 * samples, 16 * (samples / 20 + 1)},
                         101'800,
                         101'800});
    }
    return nodes;
}

void plainly(const std::filesystem::path& folder, const std::vector<energy::NodeRound>& nodes, std::uint32_t rounds)
{
    const auto accounting = carbon::test::accounting();
    std::filesystem::create_directories(folder);
    files::AppendFile file{folder / "ledger.jsonl"};
    for (std::uint32_t round = 1; round <= rounds; ++round) {
        const auto priced = energy::price(nodes, accounting.edge_device, accounting.link);
        std::string text;
        for (const auto& line : run::round_lines({label, round, nodes, priced, accounting.edge_device}))
            text += run::to_json_line(line) + "\n";
        file.append(text);
    }
}

void as_a_run(const std::filesystem::path& folder, const std::vector<energy::NodeRound>& nodes, std::uint32_t rounds)
{
    const auto accounting = carbon::test::accounting();
    run::RunFolder files{folder};
    for (std::uint32_t round = 1; round <= rounds; ++round)
        static_cast<void>(
            run::append_priced(files, {label, run::TrainingKind::federated, round, nodes}, {}, accounting, 1));
    files.write_digest();
}

void compare(const std::filesystem::path& folder, bool equal, std::uint32_t rounds)
{
    const auto nodes = nodes_of(equal);
    std::filesystem::remove_all(folder);
    const auto line_ns = [&](const char* name, auto write) {
        return bench::cpu_seconds_of([&] { write(folder / name, nodes, rounds); }) * 1e9 / (4.0 * node_count * rounds);
    };
    const auto plain = line_ns("plain", plainly);
    const auto now = line_ns("run", as_a_run);
    if (files::read_file(folder / "plain/ledger.jsonl") != files::read_file(folder / "run/ledger.jsonl"))
        throw std::logic_error{"the ledgers differ"};
    std::printf("%s nodes: %.0f ns a line plainly, %.0f as a run: %.3f\n", equal ? "equal" : "unequal", plain, now,
                now / plain);
    std::filesystem::remove_all(folder);
}

}  // namespace

int main(int argc, char** argv)
{
    return exit_code_of("fedgram-ledger-cost", [&] {
        CLI::App app{"CPU time of writing a ledger"};
        std::filesystem::path folder = "ledger-cost";
        std::uint32_t rounds = 100;
        app.add_option("--folder", folder, "Where to write; removed before and afterwards")->capture_default_str();
        app.add_option("--rounds", rounds, "Of 1,000 nodes")->check(CLI::Range(1, 10'000))->capture_default_str();
        try {
            app.parse(argc, argv);
        } catch (const CLI::ParseError& error) {
            return app.exit(error);
        }
        compare(folder, true, rounds);
        compare(folder, false, rounds);
        return 0;
    });
}
