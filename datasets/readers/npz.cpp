#include <zip.h>

#include <algorithm>
#include <memory>

#include "common/error/error.hpp"
#include "common/files/files.hpp"
#include "datasets/readers/memory_need.hpp"
#include "datasets/readers/stored_array.hpp"

namespace fedgram::datasets {

namespace {

using Archive = std::unique_ptr<zip_t, void (*)(zip_t*)>;

std::string names_in(zip_t* archive)
{
    std::string names;
    const auto count = zip_get_num_entries(archive, 0);
    constexpr zip_int64_t shown = 20;
    for (zip_int64_t i = 0; i < std::min(count, shown); ++i) {
        const char* const name = zip_get_name(archive, static_cast<zip_uint64_t>(i), 0);
        std::string text = name == nullptr ? "" : name;
        if (text.ends_with(".npy")) text.resize(text.size() - 4);
        names += (names.empty() ? "" : ", ") + text;
    }
    return names + (count > shown ? ", … (" + std::to_string(count) + " arrays)" : "");
}

std::string unpacked(zip_file_t* file, const std::string& where)
{
    // Memory grows with what is really there, not with what the directory claims.
    std::string bytes;
    constexpr std::size_t chunk = 1 << 20;
    for (zip_int64_t got = 1; got > 0;) {
        const auto have = bytes.size();
        bytes.resize(have + chunk);
        got = zip_fread(file, bytes.data() + have, chunk);
        if (got < 0) throw DataError{where + ": is damaged in its archive (" + zip_file_strerror(file) + ")"};
        bytes.resize(have + static_cast<std::size_t>(got));
    }
    return bytes;
}

}  // namespace

StoredArray read_npz(const std::filesystem::path& path, const std::string& name)
{
    int code = 0;
    const Archive archive{zip_open(path.c_str(), ZIP_RDONLY | ZIP_CHECKCONS, &code), zip_discard};
    if (!archive && code == ZIP_ER_MEMORY) refuse_memory(path.string(), bytes_in(path));
    if (!archive) {
        zip_error_t error;
        zip_error_init_with_code(&error, code);
        const std::string why = zip_error_strerror(&error);
        zip_error_fini(&error);
        throw DataError{path.string() + ": no archive that can be read (" + why +
                        "); expected what numpy.savez writes"};
    }
    const auto entry = name + ".npy";
    zip_stat_t status;
    if (zip_stat(archive.get(), entry.c_str(), 0, &status) != 0)
        throw DataError{path.string() + ": has no array \"" + name + "\"; it has " + names_in(archive.get())};
    const std::unique_ptr<zip_file_t, int (*)(zip_file_t*)> file{zip_fopen(archive.get(), entry.c_str(), 0),
                                                                 zip_fclose};
    const auto where = path.string() + ": " + name;
    if (!file) throw DataError{where + ": can't be unpacked (" + zip_strerror(archive.get()) + ")"};
    return with_memory_for(where, status.size, [&] { return parse_npy(unpacked(file.get(), where), where); });
}

}  // namespace fedgram::datasets
