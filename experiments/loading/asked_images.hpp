#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "common/protocol/messages.hpp"

namespace fedgram::experiments {

/// How the pixels of a request go over the wire.
enum class PixelForm { float32, bytes };

/// Images as they go over the wire, [channel][row][column].
struct ImageSet {
    std::vector<std::vector<std::byte>> images{};
    std::vector<std::uint32_t> labels{};  ///< one for each image; empty: nobody knows them
};

/// So many images with pixels in [0, 1), or bytes, all drawn by the seed.
[[nodiscard]] ImageSet random_images(std::size_t count, PixelForm form, const wire::ServerHello& server,
                                     std::uint64_t seed);

/// How often the first answer to an image was its label.
struct LabelledAnswers {
    std::uint64_t images = 0;  ///< that have an answer
    std::uint64_t right = 0;

    [[nodiscard]] double accuracy() const { return static_cast<double>(right) / static_cast<double>(images); }
};

/// The images that a server is asked about, and what came of each at first.
class AskedImages {
public:
    /// Throws SpecError for an image that isn't of the server's model, and for bytes that the server doesn't take.
    AskedImages(ImageSet set, const wire::ServerHello& server);

    [[nodiscard]] std::size_t size() const { return set_.images.size(); }
    [[nodiscard]] std::span<const std::byte> operator[](std::size_t image) const { return set_.images[image]; }

    /// Throws ProtocolError for another class than the first answer had.
    void answered(std::size_t image, std::span<const float> logits);

    /// Nothing without labels, or without an answer.
    [[nodiscard]] std::optional<LabelledAnswers> labelled() const;

private:
    ImageSet set_;
    std::vector<std::optional<std::ptrdiff_t>> classes_;
};

}  // namespace fedgram::experiments
