#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json.hpp>

#include "common/learning/model/model.hpp"
#include "common/spec/layer.hpp"

namespace fedgram::learning {

/// A tensor in whatever form the one who writes it has chosen.
struct StoredTensor {
    std::string name;                  ///< as in the parameter table: "conv1.weight"
    std::string encoding;              ///< how the bytes are to be read: "dense", "bitmap", "int8 bitmap", "shared"
    std::vector<std::uint32_t> shape;  ///< of the tensor that they stand for
    std::vector<std::byte> bytes;

    friend bool operator==(const StoredTensor&, const StoredTensor&) = default;
};

/// A model in as few bytes as it can be told in. Here nothing is known of encodings: they are words.
struct ModelFile {
    spec::ModelSpec model;  ///< as a specification has it: its layers
    Shape shape;
    nlohmann::ordered_json notes = nlohmann::ordered_json::object();  ///< whatever else is to be known of it
    std::vector<StoredTensor> tensors;
};

/// The bytes of a file, the same for the same model. README.md has them. Throws DataError for a tensor whose name has
/// more than 65,535 bytes, or whose encoding or shape has more than 255.
[[nodiscard]] std::string encode(const ModelFile& file);

/// How many bytes that are, so that what a table says of a model is what the file takes.
[[nodiscard]] std::uint64_t file_bytes(const ModelFile& file);

/// The model back. `where` names the bytes in errors. Throws DataError, a line, for what is no model file, of a newer
/// format, cut off, or changed anywhere. No length is believed before so many bytes are there.
[[nodiscard]] ModelFile decode_model_file(std::string_view bytes, const std::string& where);

/// Writes to a temporary name and renames, so that a crash leaves the old file or the new one. Throws SystemError that
/// names the file, and what `encode` throws.
void write_model_file(const std::filesystem::path& path, const ModelFile& file);

/// Throws SystemError where the file can't be read, and what `decode_model_file` throws.
[[nodiscard]] ModelFile read_model_file(const std::filesystem::path& path);

}  // namespace fedgram::learning
