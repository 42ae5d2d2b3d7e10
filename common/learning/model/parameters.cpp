#include "common/learning/model/parameters.hpp"

#include <bit>

#include "common/files/sha256.hpp"

namespace fedgram::learning {

static_assert(std::endian::native == std::endian::little, "parameters are hashed and sent as they lie in memory");

std::string sha256(std::span<const float> parameters) { return files::sha256(std::as_bytes(parameters)); }

}  // namespace fedgram::learning
