#include "experiments/analysis/space.hpp"

#include <algorithm>
#include <cmath>
#include <functional>

#include "common/error/error.hpp"
#include "common/text/number_text.hpp"

namespace fedgram::experiments::analysis {

namespace {

constexpr std::uint32_t most_clients = 1024;

template <class T>
void check_ascending(const std::vector<T>& values, const std::string& key)
{
    if (values.empty()) throw SpecError{key + ": there is no value; give at least one"};
    if (std::ranges::adjacent_find(values, std::greater_equal{}) != values.end())
        throw SpecError{key + ": the values don't ascend; give each once, the lowest first"};
}

void check_counts(const std::vector<std::uint32_t>& values, const std::string& key)
{
    check_ascending(values, key);
    if (values.front() == 0) throw SpecError{key + ": 0 is not valid; use 1 or more"};
}

void check_names(const std::vector<std::string>& names)
{
    if (names.empty()) throw SpecError{"devices: there is none; give at least one"};
    for (auto name = names.begin(); name != names.end(); ++name)
        if (std::find(names.begin(), name, *name) != name)
            throw SpecError{"devices: " + *name + " is there twice; give it once"};
}

}  // namespace

std::vector<Load> Space::concurrencies()
{
    std::vector<Load> loads;
    for (std::uint32_t clients = 1; clients <= most_clients; clients *= 2)
        loads.push_back({Load::Kind::concurrency, static_cast<double>(clients)});
    return loads;
}

Configuration Space::default_configuration() const { return {.device = devices.front(), .variant = variants.front()}; }

void check(const Space& space)
{
    check_names(space.devices);
    check_ascending(space.variants, "variants");
    check_counts(space.max_batches, "max_batch");
    check_counts(space.instances, "instances");
    check_ascending(space.queue_delays_us, "queue_delay_us");
    check_ascending(space.loads, "load");
    for (const auto& [kind, amount] : space.loads) {
        const bool is_rate = kind == Load::Kind::rate;
        if (kind != space.loads.front().kind)
            throw SpecError{"load: there are concurrencies and rates; give one of the two"};
        if (!(amount > 0) || std::isinf(amount))
            throw SpecError{"load: " + text::shortest(amount) + " is not valid; use a number above 0"};
        if (!is_rate && amount != std::floor(amount))
            throw SpecError{"concurrency: " + text::shortest(amount) + " is not valid; use a whole number"};
    }
}

}  // namespace fedgram::experiments::analysis
