// How fast updates become a model, beside how fast this core copies memory in the same call: gigabytes a second of all
// bytes that must move, read and written, on arrays that no cache holds. One JSON line.
#include <malloc.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <climits>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <vector>

#include "common/error/exit_code.hpp"
#include "common/learning/updates/update_check.hpp"
#include "common/random/stream.hpp"
#include "coordinator/aggregation/fedavg.hpp"
#include "tests/bench/cpu_clock.hpp"

namespace {

using namespace fedgram;

/// CPU seconds of the fastest of some turns.
template <class Body>
double fastest(unsigned turns, const Body& body)
{
    double best = bench::cpu_seconds_of(body);
    for (unsigned turn = 1; turn < turns; ++turn) best = std::min(best, bench::cpu_seconds_of(body));
    return best;
}

void measure(std::size_t parameters, unsigned turns)
{
    // As with an engine: a result's memory is an earlier one's, and not the kernel's anew.
    mallopt(M_MMAP_THRESHOLD, 1 << 30);
    mallopt(M_TRIM_THRESHOLD, INT_MAX);
    Stream random{1, Purpose::initial_parameters};
    std::vector<float> global(parameters);
    std::vector<float> update(parameters);
    for (std::size_t i = 0; i < parameters; ++i) {
        global[i] = static_cast<float>(random.uniform() - 0.5);
        update[i] = global[i] + 0.01f;
    }
    const learning::UpdateMetadata claim{0, 1, 600, 600, 19};
    const learning::UpdateLimits limits{global, 1e30};  // once a round, and not once an update
    coordinator::FedAvg mean{parameters};
    std::vector<std::byte> from(8 * parameters);
    std::vector<std::byte> to(8 * parameters);

    bool refused = false;
    std::size_t sum = 0;
    const double copy = fastest(turns, [&] { std::memcpy(to.data(), from.data(), to.size()); });
    const double check =
        fastest(turns, [&] { refused |= learning::refusal(claim, claim, update, limits).has_value(); });
    const double add = fastest(turns, [&] { mean.add(update, claim.samples); });
    const double result = fastest(turns, [&] { sum += mean.result().size(); });
    if (refused || sum != turns * parameters) throw std::logic_error{"the update was not taken as it is"};

    // A copy reads and writes 8 bytes a parameter. The check reads update and global model, the addition reads the
    // update and reads and writes sixteen bytes of sums. Both together need the update only once.
    const auto gigabytes = [&](double bytes_each, double seconds) {
        return bytes_each * static_cast<double>(parameters) / seconds / 1e9;
    };
    const double yardstick = gigabytes(16, copy);
    const double both = gigabytes(4 + 4 + 32, check + add);
    std::printf(
        "{\"parameters\": %zu, \"copy_gb_per_s\": %.1f, \"check_gb_per_s\": %.1f, \"add_gb_per_s\": %.1f, "
        "\"result_gb_per_s\": %.1f, \"check_and_add_gb_per_s\": %.1f, \"check_and_add_over_copy\": %.2f, "
        "\"ns_per_parameter\": %.3f}\n",
        parameters, yardstick, gigabytes(8, check), gigabytes(36, add), gigabytes(20, result), both, both / yardstick,
        (check + add) / static_cast<double>(parameters) * 1e9);
}

}  // namespace

int main(int argc, char** argv)
{
    std::size_t parameters = 32'000'000;
    unsigned turns = 5;
    CLI::App app{"How fast updates are checked and added, beside memcpy, as JSON", "fedgram-aggregation-speed"};
    app.add_option("--parameters", parameters, "of the model")->check(CLI::PositiveNumber)->capture_default_str();
    app.add_option("--turns", turns, "of which the fastest counts")->check(CLI::PositiveNumber)->capture_default_str();
    CLI11_PARSE(app, argc, argv);
    return fedgram::exit_code_of("fedgram-aggregation-speed", [&] { measure(parameters, turns); });
}
