#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "client/serving/served_model.hpp"
#include "common/learning/int8/int8_network.hpp"
#include "common/learning/native/network.hpp"

namespace fedgram::client {

/// The network of one instance, in the CPU's best instruction set. One thread uses it at a time. Logits of an image are
/// the same bits in any batch.
class ServedNetwork {
public:
    /// Borrows the model. Throws SpecError for a layer that the arithmetic can't run.
    explicit ServedNetwork(const ServedModel& model);

    /// Of images, each [channel][row][column]; logits are [image][class].
    void logits(std::span<const std::span<const float>> images, std::span<float> logits);

private:
    std::size_t pixels_;
    std::size_t classes_;
    std::optional<learning::native::Network> native_{};
    std::size_t part_ = 1;  // images that the native network takes at once
    std::vector<std::int64_t> labels_{};
    std::unique_ptr<learning::Int8Network> int8_{};
    std::vector<float> together_{};  // int8: the images, one after the other
};

}  // namespace fedgram::client
