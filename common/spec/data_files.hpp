#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace fedgram::spec {

/// What the files of a user's own data are.
enum class DataFormat { idx, npy, npz, csv, images, cifar10, cifar100, cifar100_coarse, leaf };

/// Which axis of a stored image holds its channels. Fedgram keeps them first.
enum class ChannelAxis { first, last };

/// Where one split lies. `files`: of csv, cifar and leaf the files; of images one folder, with a folder below it for
/// each class; of npz one archive. Of idx and npy `samples`, `labels` and `nodes` are files, of npz arrays of the
/// archive. `nodes` may be empty: the data has no natural clients.
struct SplitFiles {
    std::vector<std::string> files{};
    std::string samples{};
    std::string labels{};
    std::string nodes{};

    bool operator==(const SplitFiles&) const = default;
    [[nodiscard]] bool given() const { return !files.empty() || !samples.empty(); }
};

/// A user's own data: files, and how they are read.
struct DataFiles {
    DataFormat format = DataFormat::idx;
    std::string folder{};  ///< that relative paths count from
    SplitFiles train{};
    SplitFiles test{};      ///< not given: `test_share` of `train` is held out
    double test_share = 0;  ///< in (0, 1), by class; 0: `test` is given
    std::vector<std::uint32_t>
        shape{};  ///< of a sample: features, or height and width, or with channels; empty: as stored
    ChannelAxis channels = ChannelAxis::first;
    std::vector<std::string> labels{};           ///< the classes, in order; empty: those that occur, sorted
    std::string label_column = "label";          ///< of csv
    std::string node_column{};                   ///< of csv; empty: the data has no natural clients
    std::vector<std::string> feature_columns{};  ///< of csv; empty: all others
    bool standardize = false;                    ///< each feature to mean 0 and deviation 1, by the training set

    bool operator==(const DataFiles&) const = default;
};

}  // namespace fedgram::spec
