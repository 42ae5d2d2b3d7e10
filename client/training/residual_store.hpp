#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace fedgram::client {

/// What the nodes of a training have left to send (common/learning/codec/error_feedback.hpp), in a file for each node
/// and round: FOLDER/NODE/ROUND. It survives its client, and processes of one machine may share it: each node is with
/// one of them at a time.
class ResidualStore {
public:
    explicit ResidualStore(std::filesystem::path folder) : folder_{std::move(folder)} {}

    /// What the node had left behind that round; nothing where that isn't here, or not of this size.
    [[nodiscard]] std::optional<std::vector<float>> read(std::uint32_t node, std::uint32_t round,
                                                         std::size_t size) const;
    /// Whole or not at all. Throws SystemError where it can't be written.
    void write(std::uint32_t node, std::uint32_t round, std::span<const float> residual);
    /// Removes what the node had left behind earlier rounds.
    void forget_before(std::uint32_t node, std::uint32_t round);

private:
    std::filesystem::path folder_;
};

}  // namespace fedgram::client
