#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

#include "common/energy/meters/meter.hpp"
#include "tests/support/temporary_folder.hpp"

namespace fedgram::energy::test {

/// A tree like the kernel's, to be filled by a test.
class FakeSysfs {
public:
    [[nodiscard]] const std::filesystem::path& root() const { return folder_.path(); }

    void set(const std::string& file, const std::string& text) const
    {
        const auto path = root() / file;
        std::filesystem::create_directories(path.parent_path());
        fedgram::test::write_file(path, text + "\n");
    }
    void set(const std::string& file, std::uint64_t number) const { set(file, std::to_string(number)); }
    void remove(const std::string& file) const { std::filesystem::remove(root() / file); }

    /// A file that nobody can read, root neither: a folder in its place.
    void set_unreadable(const std::string& file) const { std::filesystem::create_directories(root() / file); }

private:
    fedgram::test::TemporaryFolder folder_;
};

/// So many seconds after the clock's beginning.
inline Instant at(double seconds)
{
    return Instant{} + std::chrono::duration_cast<Instant::duration>(std::chrono::duration<double>{seconds});
}

}  // namespace fedgram::energy::test
