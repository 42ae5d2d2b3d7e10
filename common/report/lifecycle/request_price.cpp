#include "common/report/lifecycle/request_price.hpp"

#include <algorithm>

#include "common/carbon/emissions/inference_band.hpp"
#include "common/energy/devices/serving_ends.hpp"
#include "common/text/number_text.hpp"

namespace fedgram::report {

namespace {

using energy::Arithmetic;
using energy::ServingProfile;

/// The widest first: what a model of float32 loses least in.
constexpr Arithmetic of_float[] = {Arithmetic::fp32, Arithmetic::bf16, Arithmetic::fp16, Arithmetic::block_fp8};

std::optional<Arithmetic> numbers_of(const energy::InferenceDemand& demand, const ServingProfile& device)
{
    if (demand.int8_ops > 0)
        return device.rate(Arithmetic::int8) != nullptr ? std::optional{Arithmetic::int8} : std::nullopt;
    const auto found =
        std::ranges::find_if(of_float, [&](Arithmetic numbers) { return device.rate(numbers) != nullptr; });
    return found == std::end(of_float) ? std::nullopt : std::optional{*found};
}

/// The demand in numbers that may be narrower than those in which its bytes are counted.
energy::InferenceDemand in_numbers(energy::InferenceDemand demand, Arithmetic numbers)
{
    const auto stored = demand.int8_ops > 0 ? Arithmetic::int8 : Arithmetic::fp32;
    for (auto* bytes : {&demand.work.memory_bytes, &demand.memory.model_bytes, &demand.memory.activation_bytes})
        *bytes = *bytes * energy::bytes_of(numbers) / energy::bytes_of(stored);
    return demand;
}

// At one prediction a second: neither its time nor its joules of computing hang on the rate.
std::optional<RequestPrice> price_on(const energy::InferenceDevice& device, const energy::InferenceDemand& demand)
{
    const auto cost = energy::inference_cost(demand, device, 1);
    if (!cost.energy) return std::nullopt;
    RequestPrice price{cost.energy->service, cost.energy->busy};
    if (const auto idle = device.idle_power()) price.waiting = energy::WaitingPower{*idle};
    return price;
}

/// No ends where all are the same.
void leave_out_equal(RequestPrices& prices)
{
    if (std::ranges::all_of(prices.ends, [&](const RequestPrice& end) { return end == prices.likely; }))
        prices.ends.clear();
}

std::string megabytes(double bytes) { return text::significant(bytes / 1e6) + " MB"; }

}  // namespace

PricedRequest priced_request(const energy::InferenceDemand& demand, const energy::InferenceDevice& device)
{
    auto cost = energy::inference_cost(demand, device, 1);
    if (!cost.energy) return {.why_not = std::move(cost.why_not)};
    RequestPrices prices{.likely = *price_on(device, demand), .basis = std::string{energy::name(cost.energy->basis)}};
    if (demand.int8_ops > 0) prices.numbers = Arithmetic::int8;
    for (const auto& end : carbon::devices_within_bands(device))
        if (const auto price = price_on(end, demand))  // nothing: a set-up in the other numbers
            prices.ends.push_back(*price);
    leave_out_equal(prices);
    return {.prices = std::move(prices)};
}

PricedRequest priced_request(const energy::InferenceDemand& demand, const ServingProfile& device, std::uint32_t batch)
{
    const auto numbers = numbers_of(demand, device);
    if (!numbers)
        return {.why_not = device.id + ": no rate of " + (demand.int8_ops > 0 ? "int8" : "fp32") + " is known" +
                           (demand.int8_ops == 0 && device.rate(Arithmetic::int8) != nullptr
                                ? ", of int8 alone: make such a model by `fedgram reduce`"
                                : "")};
    if (!device.power(*numbers, 1)) return {.why_not = device.id + ": its watts aren't known"};
    if (device.largest_batch && batch > device.largest_batch->value)
        return {.why_not = device.id + ": takes batches of at most " + text::shortest(device.largest_batch->value)};
    const auto stored = in_numbers(demand, *numbers);
    const auto one = energy::batch_demand(stored, *numbers);
    const double held =
        static_cast<double>(stored.memory.model_bytes) + static_cast<double>(stored.memory.activation_bytes) * batch;
    if (device.memory_bytes && held > device.memory_bytes->value)
        return {.why_not = device.id + ": " + megabytes(held) + " are more than its memory of " +
                           megabytes(device.memory_bytes->value)};
    RequestPrices prices{.likely = energy::served_price(device, one, batch),
                         .basis = "serving record",
                         .numbers = *numbers,
                         .batch = batch};
    for (const auto& corner : energy::corners_of(device))
        prices.ends.push_back(energy::served_price(corner, one, batch));
    leave_out_equal(prices);
    return {.prices = std::move(prices)};
}

}  // namespace fedgram::report
