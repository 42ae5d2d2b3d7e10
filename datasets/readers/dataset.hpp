#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "common/spec/experiment.hpp"

namespace fedgram::datasets {

/// Samples are bytes, or else floats: count x channels x height x width, row-major. A row of a table is an image of one
/// channel and one row.
struct Split {
    std::span<const std::uint8_t> pixels;
    std::span<const std::uint8_t> labels;    ///< each below Dataset::classes
    std::span<const float> values{};         ///< instead of pixels
    std::span<const std::uint32_t> nodes{};  ///< whose each sample is, counted from 0; empty: nobody's

    [[nodiscard]] std::size_t size() const { return labels.size(); }
};

/// Copies share their images and labels, which nobody changes.
struct Dataset {
    std::string name;
    std::uint32_t channels = 1;
    std::uint32_t height = 28;
    std::uint32_t width = 28;
    std::uint32_t classes = 10;
    Split train{};
    Split test{};
    std::string note{};  ///< what a result on it must say; may be empty
    /// How its files became samples, as a JSON object: what a model trained on it needs to be used. May be empty.
    std::string making{};
    /// Of all samples, labels and nodes: the same data has the same digest, wherever it lies.
    std::string sha256{};
    /// What both splits lie in: vectors of this process, or a mapping that it shares.
    std::shared_ptr<const void> memory{};
    /// Of the file that is mapped, open as long as `memory` lives; below zero where there is none.
    int descriptor = -1;
};

/// A split as a reader makes it.
struct OwnedSplit {
    std::vector<std::uint8_t> pixels;
    std::vector<std::uint8_t> labels;
    std::vector<float> values{};
    std::vector<std::uint32_t> nodes{};

    [[nodiscard]] Split view() const { return {pixels, labels, values, nodes}; }
};

/// `described` with these images and labels, and their digest.
[[nodiscard]] Dataset with_samples(Dataset described, OwnedSplit train, OwnedSplit test);

/// Reads what a specification wants: files of the user's, whose relative paths count from `folder` or else from where
/// the specification says, or a dataset by name ("fashion-mnist", "mnist",
/// "emnist-balanced", "cifar10", ...) from `folder`, or from where its Debian package puts it; makes a synthetic one
/// ("synthetic-cifar10", ...). Throws SpecError for an unknown name (lists the known ones) and without a folder where
/// one is needed; DataError for a missing, truncated or damaged file: which file, what was found, what was expected,
/// how to get it.
[[nodiscard]] Dataset load(const spec::Data& wanted, const std::optional<std::filesystem::path>& folder);

/// The files that `load` reads, where reading them is work that is worth keeping: one of them is packed, or isn't the
/// samples' own bytes. None where one is missing. Throws SpecError for an unknown name.
[[nodiscard]] std::vector<std::filesystem::path> packed_files(const spec::Data& wanted,
                                                              const std::optional<std::filesystem::path>& folder);

/// Whether `load` finds the dataset of this name, a known one, without a folder.
[[nodiscard]] bool at_hand(const std::string& name);

/// The names that `load` takes.
[[nodiscard]] std::vector<std::string> dataset_names();

}  // namespace fedgram::datasets
