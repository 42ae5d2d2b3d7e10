#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "datasets/readers/dataset.hpp"

namespace fedgram::datasets {

/// CIFAR's binary versions (Krizhevsky 2009): records of labels and 3 x 32 x 32 pixels (red, green, blue). A record of
/// CIFAR-10 has one label, one of CIFAR-100 a superclass (of 20) and a class (of 100).
struct CifarForm {
    std::size_t labels;  ///< bytes before the pixels
    std::size_t label;   ///< which of them counts
    std::uint32_t classes;
};
inline constexpr CifarForm cifar10_form{1, 0, 10};
inline constexpr CifarForm cifar100_form{2, 1, 100};
inline constexpr CifarForm cifar100_coarse_form{2, 0, 20};

/// Reads a file of records, plain or gzipped, as many as it holds. Throws DataError with the path, what was found and
/// what was expected, when the file can't be opened, is empty, ends inside a record, has a label beyond its classes, or
/// is cut off or damaged inside its gzip.
[[nodiscard]] OwnedSplit read_cifar_batch(const std::filesystem::path& path, const CifarForm& form);

/// "cifar10", "cifar100", and "cifar100-coarse", whose classes are the superclasses.
[[nodiscard]] std::vector<std::string> cifar_names();

/// The files of one of them, plain or packed, the test set's last, in `folder` or in the folder below it that the
/// archive unpacks into; none without a folder, or when one is missing.
[[nodiscard]] std::vector<std::filesystem::path> cifar_files(const std::string& name,
                                                             const std::optional<std::filesystem::path>& folder);

/// One of them, all of its 60,000 images: part of the dataset is refused. Throws SpecError without a folder, DataError
/// for what is missing or damaged.
[[nodiscard]] Dataset load_cifar(const std::string& name, const std::optional<std::filesystem::path>& folder);

}  // namespace fedgram::datasets
