#include "common/report/explain/methods_chain.hpp"

#include <algorithm>
#include <cstdint>
#include <optional>

#include "common/report/explain/section.hpp"

namespace fedgram::report {

namespace {

// A line for each, which begins with what it is counted by.
std::string method_work(const std::string& counted, const energy::Work& work)
{
    return counted + " = " + std::to_string(work.flops) + " FLOPs, " + std::to_string(work.memory_bytes) +
           " bytes of memory traffic, " + std::to_string(work.kernels) + " kernels";
}

// How one direction's bytes come about.
std::string bytes_line(std::uint64_t sum, const MethodsRow& row, std::optional<double> each, std::uint64_t parameters)
{
    return std::to_string(sum) + " bytes / " + std::to_string(row.updates) + " updates = " + digits(*each) +
           " bytes; plain FedAvg sends parameters x 4 bytes (float32) = " + std::to_string(4 * parameters);
}

std::string messages_line(const run::Messages& messages, const MethodsRow& row)
{
    const auto way = [&row](std::uint64_t sum, const char* name) {
        return std::to_string(sum) + " / " + std::to_string(row.rounds) +
               " rounds = " + digits(row.messages_each_round(sum)) + " " + name + " a round";
    };
    return way(messages.up, "up") + ", " + way(messages.down, "down") + ", of all nodes; the model is beside them";
}

std::string privacy_section(const MethodsRow& row)
{
    const auto& spent = *row.privacy;
    const bool is_masked = std::ranges::any_of(row.methods, [](const run::MethodCost& method) {
        return method.words.method == spec::Method::secure_aggregation;
    });
    Section section{"Privacy of the nodes, as it was spent"};
    section.line("epsilon", digits(spent.epsilon));
    section.line("delta", digits(spent.delta));
    section.line("accountant", spent.accountant);
    if (spent.sampling_rate)
        section.line("sampling rate", digits(*spent.sampling_rate) + " (q): the chance that a node is in a round");
    section.line("rounds", std::to_string(spent.rounds));
    if (const auto& cohort = row.by_coins)
        section.line("cohort", "Poisson draws: n = q x nodes = " + digits(cohort->mean) +
                                   " on average, deviation sqrt(n (1 - q)) = " + digits(cohort->deviation) +
                                   "; over the rounds Work has one of 100 / (n sqrt(rounds)) times that = " +
                                   digits(100 * cohort->work_deviation) + " %, which is in no band");
    section.line("noise multiplier", digits(spent.noise_multiplier) + " (z): the noise in clips, as it is accounted");
    section.line("clip", digits(spent.clip) + " after the last round: the L2 norm that " +
                             (is_masked ? "a node scales its update down to before it masks it"
                                        : "the server scales an update down to"));
    section.line("assumptions", spent.assumptions);
    return section.text();
}

}  // namespace

std::string methods_chain(const Table& table, const Cell& cell)
{
    const auto* const row = table.methods.find(cell.column);
    if (row == nullptr) return {};
    const auto parameters = table.methods.parameters;
    Section section{"Federated methods, of " + std::to_string(row->updates) + " updates in " +
                    std::to_string(row->rounds) + " rounds, " + std::to_string(parameters) + " parameters, " +
                    std::to_string(row->work.steps) + " steps"};
    if (row->updates > 0) {
        section.line("up", bytes_line(row->work.bytes_up, *row, row->bytes_up(), parameters));
        section.line("down", bytes_line(row->work.bytes_down, *row, row->bytes_down(), parameters));
    }
    for (const auto& method : row->methods) {
        const auto& words = method.words;
        section.line(std::string{spec::name(words.method)}, words.what + " (" + words.source + ")");
        if (!words.on_the_wire.empty()) section.line("  bytes", words.on_the_wire);
        if (const auto& messages = method.messages; !messages.none())
            section.line("  messages", messages_line(messages, *row));
        if (!words.at_nodes.empty())
            section.line("  nodes", method_work(words.at_nodes, method.nodes) + "; of all " +
                                        std::to_string(row->work.flops) + " FLOPs " +
                                        digits(100 * row->flops_share(method)) + " %, of all " +
                                        std::to_string(row->work.memory_bytes) + " bytes " +
                                        digits(100 * row->memory_share(method)) + " %");
        if (!words.at_coordinator.empty())
            section.line("  coordinator", method_work(words.at_coordinator, method.coordinator) + "; in no cell");
    }
    if (row->methods.empty()) section.line("strategy", "FedAvg (McMahan et al. 2017, arXiv:1602.05629)");
    if (!row->local_training.empty()) section.line("local training", row->local_training);
    const auto& against = row->against_fedavg;
    if (against && against->column != row->column) {
        const auto grams = [&](std::size_t column) {
            return digits(table.cell(0, column).emissions.operational().count()) + " g";
        };
        section.line("against", grams(row->column) + " / " + grams(against->column) + " of " +
                                    table.columns[against->column].heading + ", in " +
                                    table.accounting.countries.front().name + " = " + digits(against->ratio.likely) +
                                    "; what both rest on moved together, " + digits(against->ratio.low) + " to " +
                                    digits(against->ratio.high));
    }
    return section.text() + (row->privacy ? privacy_section(*row) : std::string{});
}

}  // namespace fedgram::report
