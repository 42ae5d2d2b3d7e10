#pragma once

#include <nlohmann/json_fwd.hpp>

#include "common/spec/compression.hpp"
#include "common/spec/strict_object.hpp"

namespace fedgram::spec {

/// Reads the key, which must be there: a word, an object with a `kind`, or a list of such, which is a
/// chain of one sparsifier and one quantizer after it. What `compression` was before doesn't matter. Throws SpecError
/// with a line for each mistake, and leaves `compression` as it is then.
void read_compression(StrictObject& training, const char* key, Compression& compression);

/// All of a compression that counts, to be parsed again.
[[nodiscard]] nlohmann::ordered_json to_json(const Compression& compression);

}  // namespace fedgram::spec
