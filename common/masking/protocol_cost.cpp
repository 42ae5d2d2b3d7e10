#include "common/masking/protocol_cost.hpp"

#include <cassert>

#include "common/masking/mask_stream.hpp"

namespace fedgram::masking {

namespace {

// 256 bits each, as Bonawitz et al. 2017 count them.
constexpr std::uint64_t key_bytes = 32;
constexpr std::uint64_t share_bytes = 32;

constexpr std::uint64_t block_bytes = 16;
constexpr std::uint64_t block_operations = 10 * (16 + 16) + 4;
constexpr std::uint64_t encoding_operations = 6;
constexpr std::uint64_t float_bytes = 4;
constexpr std::uint64_t word_bytes = 8;

std::uint64_t packed_bytes(const ProtocolSetting& setting) { return setting.ring.packed_size(setting.values); }

std::uint64_t mask_operations(const ProtocolSetting& setting)
{
    return (mask_bytes(setting) + block_bytes - 1) / block_bytes * block_operations + setting.values;
}

Traffic times(const Traffic& traffic, std::uint64_t nodes)
{
    return {traffic.messages_up * nodes, traffic.messages_down * nodes, traffic.bytes_up * nodes,
            traffic.bytes_down * nodes};
}

}  // namespace

Traffic& Traffic::operator+=(const Traffic& other)
{
    messages_up += other.messages_up;
    messages_down += other.messages_down;
    bytes_up += other.bytes_up;
    bytes_down += other.bytes_down;
    return *this;
}

Traffic traffic(Stage stage, const ProtocolSetting& setting)
{
    const std::uint64_t neighbours = setting.neighbours;
    switch (stage) {
        case Stage::advertise_keys:
            return {1, 1, 2 * key_bytes, 2 * neighbours * key_bytes};
        case Stage::share_keys:
            return {1, 1, 2 * neighbours * share_bytes, 2 * neighbours * share_bytes};
        case Stage::masked_input:
            return {1, 1, packed_bytes(setting), 0};
        case Stage::unmask:
            return {1, 0, (neighbours + 1) * share_bytes, 0};
    }
    return {};
}

Traffic node_traffic(const ProtocolSetting& setting, Delivery delivery)
{
    Traffic sum;
    for (const auto stage : stages)
        if (delivery == Delivery::delivered || stage < Stage::masked_input) sum += traffic(stage, setting);
    return sum;
}

Traffic coordinator_traffic(const ProtocolSetting& setting, std::uint32_t dropouts)
{
    assert(dropouts <= setting.cohort);
    auto sum = times(node_traffic(setting, Delivery::delivered), setting.cohort - dropouts);
    sum += times(node_traffic(setting, Delivery::dropped_out), dropouts);
    return sum;
}

std::uint64_t mask_bytes(const ProtocolSetting& setting) { return setting.values * mask_bytes_per_value(setting.ring); }

energy::Work masking_work(const ProtocolSetting& setting)
{
    return {.flops = (std::uint64_t{setting.neighbours} + 1) * mask_operations(setting) +
                     encoding_operations * setting.values,
            .memory_bytes = 2 * float_bytes * setting.values + packed_bytes(setting)};
}

energy::Work unmasking_work(const ProtocolSetting& setting, const LeftMasks& left)
{
    const auto vectors = left.own;  // as many have come
    return {.flops = (left.own + left.pairwise) * mask_operations(setting) + vectors * setting.values,
            .memory_bytes = vectors * packed_bytes(setting) + (vectors + 1) * 2 * word_bytes * setting.values};
}

}  // namespace fedgram::masking
