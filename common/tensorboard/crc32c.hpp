#pragma once

#include <cstdint>
#include <string_view>

namespace fedgram::tensorboard {

/// CRC-32C, the checksum of iSCSI (RFC 3720, section 12.1): the reflected polynomial 0x82f63b78.
[[nodiscard]] std::uint32_t crc32c(std::string_view bytes);

/// As it stands in a record: a checksum of bytes that contain their own checksum would be a constant. So TFRecord turns
/// it by 15 bits to the right and adds 0xa282ead8.
[[nodiscard]] std::uint32_t masked_crc32c(std::string_view bytes);

}  // namespace fedgram::tensorboard
