#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace fedgram::learning::torchscript {

/// Writes a zip archive of uncompressed entries. Each entry's content begins at a multiple of
/// 64 bytes, as in the archives of PyTorch, so that PyTorch can map tensors into memory.
class StoredZip {
public:
    using Sink = std::function<void(std::string_view bytes)>;

    /// The archive goes to `sink` piece by piece. What `sink` throws passes through.
    explicit StoredZip(Sink sink);

    void add(const std::string& name, std::string_view content);
    /// The table of contents. Nothing can be added after it.
    void finish();

private:
    struct Entry {
        std::string name;
        std::uint32_t crc = 0;
        std::uint64_t size = 0;
        std::uint64_t offset = 0;  // of its header
    };

    void write(std::string_view bytes);

    Sink sink_;
    std::uint64_t written_ = 0;
    std::vector<Entry> entries_;
};

}  // namespace fedgram::learning::torchscript
