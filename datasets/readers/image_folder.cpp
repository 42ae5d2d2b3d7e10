#include "datasets/readers/image_folder.hpp"

#include <spng.h>
#include <turbojpeg.h>

#include <algorithm>
#include <cctype>
#include <memory>
#include <new>
#include <string>
#include <system_error>

#include "common/error/error.hpp"
#include "common/files/files.hpp"
#include "datasets/readers/memory_need.hpp"

namespace fedgram::datasets {

namespace fs = std::filesystem;

namespace {

/// Channels behind one another in each pixel.
struct Image {
    std::uint32_t channels = 1;
    std::uint32_t height = 0;
    std::uint32_t width = 0;
    std::vector<std::uint8_t> pixels{};
};

constexpr std::uint32_t most_side = 1 << 16;

std::string ending_of(const fs::path& path)
{
    auto ending = path.extension().string();
    std::ranges::transform(ending, ending.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return ending;
}

bool is_image(const fs::path& path)
{
    const auto ending = ending_of(path);
    return ending == ".png" || ending == ".jpg" || ending == ".jpeg";
}

Image decode_png(const std::string& bytes, const fs::path& path)
{
    const std::unique_ptr<spng_ctx, void (*)(spng_ctx*)> context{spng_ctx_new(0), spng_ctx_free};
    const auto must = [&](int code) {
        if (code == SPNG_EMEM) throw std::bad_alloc{};
        if (code != 0) throw DataError{path.string() + ": no PNG that can be read (" + spng_strerror(code) + ")"};
    };
    must(spng_set_image_limits(context.get(), most_side, most_side));
    must(spng_set_png_buffer(context.get(), bytes.data(), bytes.size()));
    spng_ihdr header{};
    must(spng_get_ihdr(context.get(), &header));
    constexpr std::uint64_t most_pixels = std::uint64_t{1} << 26;  // before there is memory for them
    if (std::uint64_t{header.width} * header.height > most_pixels)
        throw DataError{path.string() + ": " + std::to_string(header.height) + " x " + std::to_string(header.width) +
                        " pixels; expected 2^26 at most"};
    constexpr int most_bits = 8;
    if (header.bit_depth > most_bits)
        throw DataError{path.string() + ": " + std::to_string(header.bit_depth) +
                        " bits a channel; expected 8 at most"};
    const bool grey = header.color_type == SPNG_COLOR_TYPE_GRAYSCALE;
    const auto format = grey ? SPNG_FMT_G8 : SPNG_FMT_RGB8;
    std::size_t size = 0;
    must(spng_decoded_image_size(context.get(), format, &size));
    return with_memory_for(path.string(), size, [&] {
        Image image{grey ? 1U : 3U, header.height, header.width, std::vector<std::uint8_t>(size)};
        must(spng_decode_image(context.get(), image.pixels.data(), size, format, 0));
        return image;
    });
}

Image decode_jpeg(const std::string& bytes, const fs::path& path)
{
    const std::unique_ptr<void, int (*)(tjhandle)> context{tjInitDecompress(), tjDestroy};
    const auto must = [&](int code) {
        if (code != 0)
            throw DataError{path.string() + ": no JPEG that can be read (" + tjGetErrorStr2(context.get()) + ")"};
    };
    const auto* const data = reinterpret_cast<const unsigned char*>(bytes.data());
    int width = 0;
    int height = 0;
    int subsampling = 0;
    int colours = 0;
    must(tjDecompressHeader3(context.get(), data, bytes.size(), &width, &height, &subsampling, &colours));
    const bool grey = colours == TJCS_GRAY;
    Image image{grey ? 1U : 3U, static_cast<std::uint32_t>(height), static_cast<std::uint32_t>(width), {}};
    const auto size = std::size_t{image.channels} * image.height * image.width;
    with_memory_for(path.string(), size, [&] { image.pixels.resize(size); });
    // A file that is cut off is decoded to its end with a warning; that is damage, too.
    must(tjDecompress2(context.get(), data, bytes.size(), image.pixels.data(), width, 0, height,
                       grey ? TJPF_GRAY : TJPF_RGB, TJFLAG_STOPONWARNING | TJFLAG_ACCURATEDCT));
    return image;
}

std::string sizes_text(const Image& image)
{
    return std::to_string(image.height) + " x " + std::to_string(image.width) +
           (image.channels == 1 ? " grey pixels" : " pixels in colour");
}

}  // namespace

namespace {

/// What lies in a folder, in the order of names.
std::vector<fs::directory_entry> entries(const fs::path& folder)
{
    std::error_code error;
    std::vector<fs::directory_entry> all;
    for (fs::directory_iterator entry{folder, error}, end; !error && entry != end; entry.increment(error))
        all.push_back(*entry);
    if (error)
        throw DataError{folder.string() + " can't be read: " + error.message() + "; expected a folder of classes"};
    std::ranges::sort(all);
    return all;
}

bool is_folder(const fs::directory_entry& entry)
{
    std::error_code unreadable;
    return entry.is_directory(unreadable);
}

}  // namespace

std::vector<fs::path> image_files(const fs::path& folder)
{
    std::vector<fs::path> files;
    for (const auto& entry : entries(folder)) {
        if (!is_folder(entry)) {
            if (is_image(entry.path()))
                throw DataError{entry.path().string() +
                                ": an image without a class; expected it in a folder for its class"};
            continue;
        }
        const auto before = files.size();
        for (const auto& file : entries(entry.path())) {
            if (is_folder(file))
                throw DataError{file.path().string() + ": a folder within that of a class; expected images there"};
            if (is_image(file.path())) files.push_back(file.path());
        }
        if (files.size() == before)
            throw DataError{entry.path().string() +
                            ": a class without an image; expected PNG or JPEG files (.png, .jpg, "
                            ".jpeg), or no such folder"};
    }
    return files;
}

RawSamples read_image_folder(const fs::path& folder)
{
    const auto files = image_files(folder);
    if (files.empty())
        throw DataError{folder.string() +
                        ": no image; expected a folder for each class, with PNG or JPEG files (.png, .jpg, .jpeg)"};
    RawSamples raw;
    Image first;
    for (const auto& path : files) {
        std::error_code unreadable;
        if (!fs::is_regular_file(path, unreadable)) throw DataError{path.string() + ": no file that can be read"};
        const auto bytes = files::read_file(path);
        const auto image = ending_of(path) == ".png" ? decode_png(bytes, path) : decode_jpeg(bytes, path);
        if (raw.labels.empty()) {
            first = {image.channels, image.height, image.width, {}};
            const auto all = image.pixels.size() * files.size();
            with_memory_for(folder.string(), all, [&] { raw.bytes.reserve(all); });
        }
        if (image.channels != first.channels || image.height != first.height || image.width != first.width)
            throw DataError{path.string() + ": " + sizes_text(image) + "; expected " + sizes_text(first) + ", as " +
                            files.front().string() + " has"};
        const auto plane = std::size_t{image.height} * image.width;
        for (std::uint32_t channel = 0; channel < image.channels; ++channel)
            for (std::size_t pixel = 0; pixel < plane; ++pixel)
                raw.bytes.push_back(image.pixels[pixel * image.channels + channel]);
        raw.labels.push_back(path.parent_path().filename().string());
    }
    raw.shape = {first.channels, first.height, first.width};
    raw.where = [files](std::size_t sample) { return files[sample].string(); };
    return raw;
}

}  // namespace fedgram::datasets
