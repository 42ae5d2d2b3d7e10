#pragma once

#include <cstdint>
#include <initializer_list>
#include <string>
#include <unordered_map>
#include <vector>

#include "common/spec/data_files.hpp"
#include "datasets/readers/raw_samples.hpp"

namespace fedgram::datasets {

/// What the labels of a user's own data are, and the characters of its texts, which share their places.
struct Classes {
    std::vector<std::string> names;
    std::unordered_map<std::string, std::uint8_t> places;  ///< of the names

    /// `where` is the sample's, for the DataError that an unknown label is.
    [[nodiscard]] std::uint8_t place_of(const std::string& label, const std::string& where) const;
};

/// `data.labels`, or else what occurs in the splits, sorted: whole numbers as numbers and before all other texts.
/// Throws DataError for fewer than two or more than 256.
[[nodiscard]] Classes classes_of(const spec::DataFiles& data, std::initializer_list<const RawSamples*> splits);

/// Texts become values, each character its place among the classes. Throws DataError where they differ in length.
void encode_texts(RawSamples& raw, const Classes& classes);

}  // namespace fedgram::datasets
