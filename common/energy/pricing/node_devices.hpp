#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "common/energy/devices/device_profile.hpp"
#include "common/energy/pricing/link.hpp"

namespace fedgram::energy {

/// Nodes of one kind. A node's speed is that of the profile times a factor of its own, and so are the rates of its
/// link; a factor's logarithm is normal with mean 0 and the deviation given, so that half of the group is faster.
struct NodeGroup {
    std::string name;                          ///< unique in a fleet
    double share = 1;                          ///< of the nodes, in (0, 1]; not looked at where there is a number
    std::optional<std::uint32_t> number = {};  ///< of nodes
    DeviceProfile device{};
    Link link{20, 10};
    double speed_deviation = 0;
    double download_deviation = 0;
    double upload_deviation = 0;

    [[nodiscard]] bool spreads() const { return speed_deviation > 0 || download_deviation > 0 || upload_deviation > 0; }
};

/// What one node is. Its seconds are those of its group's device and link over these factors.
struct NodeKind {
    std::uint32_t group = 0;
    double speed = 1;
    double download = 1;
    double upload = 1;
};

/// Which device and link each node of a federation has. It follows from seed and node alone: node 7 of a hundred is
/// node 7 of a million.
///
/// A node's group is that in whose part of [0, 1) the point frac(u + node x (sqrt(5) - 1) / 2) lies, with u from the
/// seed. By this sequence (Kronecker's, with the golden ratio: Knuth, TAOCP 3, 6.4) any number of nodes in a row has
/// each group's share to within about one node. Where groups have numbers in place of shares, the nodes are dealt out
/// in the order of these points, and the numbers hold exactly.
class NodeDevices {
public:
    /// All groups have shares that add up to 1, or all have numbers. Their order doesn't matter: they are sorted by
    /// name. Throws SpecError otherwise.
    NodeDevices(std::vector<NodeGroup> groups, std::uint64_t seed);

    [[nodiscard]] NodeKind operator[](std::uint32_t node) const;
    [[nodiscard]] std::uint32_t group_of(std::uint32_t node) const;

    [[nodiscard]] const std::vector<NodeGroup>& groups() const { return groups_; }
    /// Each device once, in the order of the groups.
    [[nodiscard]] const std::vector<DeviceProfile>& devices() const { return devices_; }
    /// Of all devices.
    void set_execution(Execution execution);
    /// Of all groups, where they have numbers.
    [[nodiscard]] std::optional<std::uint64_t> nodes() const;

private:
    std::vector<NodeGroup> groups_;
    std::vector<DeviceProfile> devices_;
    std::uint64_t seed_;
    std::uint64_t offset_;               // u, in 2^-64
    std::vector<std::uint64_t> bounds_;  // of each group's part but the last one's, exclusive
};

}  // namespace fedgram::energy
