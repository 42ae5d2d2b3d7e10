#include "common/spec/parse_secure_aggregation.hpp"

#include <cmath>
#include <string>

#include <nlohmann/json.hpp>

#include "common/spec/mistakes.hpp"
#include "common/spec/spec_ranges.hpp"

namespace fedgram::spec {

using nlohmann::ordered_json;

namespace {

void read_fixed_point(StrictObject& section, SecureAggregation& aggregation)
{
    const bool good_fraction = section.attempt([&] {
        auto bits = aggregation.fraction_bits;
        section.read("fraction_bits", bits, 1);
        if (bits > most_fraction_bits)
            section.refuse("fraction_bits", "a whole number from 1 to " + std::to_string(most_fraction_bits));
        aggregation.fraction_bits = bits;
    });
    section.read("value_limit", aggregation.value_limit, above_zero);
    // With a larger step, all values would be rounded to 0 or beyond the limit.
    const auto step = std::ldexp(1.0, -static_cast<int>(aggregation.fraction_bits));
    if (good_fraction && aggregation.value_limit < step)
        section.attempt([&] {
            refuse(section.path_of("value_limit"), aggregation.value_limit,
                   "a number of at least 2^-" + std::to_string(aggregation.fraction_bits) +
                       ", the step that fraction_bits leaves");
        });
}

}  // namespace

void read_secure_aggregation(StrictObject& training, std::optional<SecureAggregation>& aggregation)
{
    const auto& value = training.value("secure_aggregation");
    if (!value.is_boolean() && !value.is_object())
        training.refuse("secure_aggregation", "true, false or an object {...}");
    if (value == false) {
        aggregation.reset();
        return;
    }
    const auto object = value.is_boolean() ? ordered_json::object() : value;
    Mistakes mistakes;
    StrictObject section{object, training.path_of("secure_aggregation"), Wording::specification, &mistakes};
    auto read = aggregation.value_or(SecureAggregation{});
    section.read("neighbours", read.neighbours, 1);
    // A share of a secret that one is enough for would be the secret.
    section.read("threshold", read.threshold, 2);
    read_fixed_point(section, read);
    section.finish();
    mistakes.finish();
    aggregation = read;
}

ordered_json to_json(const SecureAggregation& aggregation)
{
    ordered_json json;
    if (aggregation.neighbours) json["neighbours"] = *aggregation.neighbours;
    if (aggregation.threshold) json["threshold"] = *aggregation.threshold;
    json["value_limit"] = aggregation.value_limit;
    json["fraction_bits"] = aggregation.fraction_bits;
    return json;
}

}  // namespace fedgram::spec
