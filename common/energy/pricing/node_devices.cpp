#include "common/energy/pricing/node_devices.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "common/error/error.hpp"
#include "common/random/portable_math.hpp"
#include "common/random/stream.hpp"

namespace fedgram::energy {

namespace {

constexpr std::uint64_t golden_ratio = 0x9E3779B97F4A7C15;  // (sqrt(5) - 1) / 2, in 2^-64

// Shares as people write them: 0.33 + 0.33 + 0.34.
constexpr double share_rounding = 1e-9;

std::vector<std::uint64_t> bounds_by_share(const std::vector<NodeGroup>& groups)
{
    double sum = 0;
    std::vector<std::uint64_t> bounds;
    for (std::size_t i = 0; i + 1 < groups.size(); ++i) {
        sum += groups[i].share;
        bounds.push_back(static_cast<std::uint64_t>(std::ldexp(std::min(sum, 1 - share_rounding), 64)));
    }
    return bounds;
}

std::vector<std::uint64_t> bounds_by_number(const std::vector<NodeGroup>& groups, std::uint64_t offset,
                                            std::uint64_t nodes)
{
    std::vector<std::uint64_t> points(nodes);
    for (std::uint64_t node = 0; node < nodes; ++node) points[node] = offset + node * golden_ratio;
    std::ranges::sort(points);
    std::uint64_t sum = 0;
    std::vector<std::uint64_t> bounds;
    for (std::size_t i = 0; i + 1 < groups.size(); ++i) {
        sum += *groups[i].number;
        bounds.push_back(points[sum]);
    }
    return bounds;
}

}  // namespace

NodeDevices::NodeDevices(std::vector<NodeGroup> groups, std::uint64_t seed)
    : groups_{std::move(groups)}, seed_{seed}, offset_{Stream{seed, Purpose::fleet_groups}.bits()}
{
    std::ranges::sort(groups_, {}, &NodeGroup::name);
    const auto numbered = std::ranges::count_if(groups_, [](const auto& group) { return group.number.has_value(); });
    double shares = 0;
    for (const auto& group : groups_) {
        shares += group.share;
        if (std::ranges::find(devices_, group.device.id, &DeviceProfile::id) == devices_.end())
            devices_.push_back(group.device);
    }
    if (groups_.empty()) throw SpecError{"a fleet needs at least one group"};
    if (numbered == 0) {
        if (std::abs(shares - 1) > share_rounding)
            throw SpecError{"the groups' shares add up to " + std::to_string(shares) + "; they must add up to 1"};
        bounds_ = bounds_by_share(groups_);
    } else if (numbered == std::ssize(groups_)) {
        bounds_ = bounds_by_number(groups_, offset_, *nodes());
    } else {
        throw SpecError{"some groups have a share and some a number of nodes; give all the same"};
    }
}

std::uint32_t NodeDevices::group_of(std::uint32_t node) const
{
    const auto point = offset_ + node * golden_ratio;
    std::uint32_t group = 0;
    while (group < bounds_.size() && point >= bounds_[group]) ++group;
    return group;
}

NodeKind NodeDevices::operator[](std::uint32_t node) const
{
    NodeKind kind{.group = group_of(node)};
    const auto& group = groups_[kind.group];
    if (!group.spreads()) return kind;
    // All three are drawn whatever the deviations: one of them changes no other factor.
    Stream stream{seed_, Purpose::fleet_spread, 0, node};
    const auto speed = stream.normal(), download = stream.normal(), upload = stream.normal();
    kind.speed = portable::exp(group.speed_deviation * speed);
    kind.download = portable::exp(group.download_deviation * download);
    kind.upload = portable::exp(group.upload_deviation * upload);
    return kind;
}

void NodeDevices::set_execution(Execution execution)
{
    for (auto& group : groups_) group.device.execution = execution;
    for (auto& device : devices_) device.execution = execution;
}

std::optional<std::uint64_t> NodeDevices::nodes() const
{
    std::uint64_t sum = 0;
    for (const auto& group : groups_) {
        if (!group.number) return std::nullopt;
        sum += *group.number;
    }
    return sum;
}

}  // namespace fedgram::energy
