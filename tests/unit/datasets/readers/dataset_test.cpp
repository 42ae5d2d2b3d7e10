#include "datasets/readers/dataset.hpp"

#include <catch2/catch.hpp>

#include <algorithm>

#include "common/error/error.hpp"
#include "tests/support/idx_files.hpp"

using namespace fedgram;
using namespace fedgram::datasets;
using namespace fedgram::datasets::test;
using Catch::Contains;

namespace {

constexpr std::uint32_t side = 28;

/// Image i: its first row counts 0, 1, 2, ..., 27; the rest is i.
Bytes images(std::uint32_t count)
{
    Bytes values;
    for (std::uint32_t i = 0; i < count; ++i)
        for (std::uint32_t pixel = 0; pixel < side * side; ++pixel)
            values.push_back(static_cast<std::uint8_t>(pixel < side ? pixel : i));
    return idx_bytes({count, side, side}, values);
}

Bytes labels(const Bytes& values) { return idx_bytes({static_cast<std::uint32_t>(values.size())}, values); }

Bytes bytes_of(std::span<const std::uint8_t> part) { return {part.begin(), part.end()}; }

/// A whole small dataset: 3 training samples and 2 test samples, in the names of MNIST.
struct SmallMnist : TemporaryFolder {
    SmallMnist()
    {
        write(path() / "train-images-idx3-ubyte", images(3));
        write(path() / "train-labels-idx1-ubyte", labels({9, 0, 5}));
        write(path() / "t10k-images-idx3-ubyte.gz", gzipped(images(2)));
        write(path() / "t10k-labels-idx1-ubyte.gz", gzipped(labels({1, 2})));
    }
    [[nodiscard]] std::string error() const
    {
        return message_of<DataError>([&] { (void)load({.dataset = "mnist"}, path()); });
    }
};

}  // namespace

TEST_CASE("A dataset is read from plain and gzipped files alike", "[datasets]")
{
    const SmallMnist folder;
    const auto dataset = load({.dataset = "mnist"}, folder.path());
    CHECK(dataset.name == "mnist");
    CHECK(dataset.classes == 10);
    CHECK((dataset.channels == 1 && dataset.height == side && dataset.width == side));
    CHECK(bytes_of(dataset.train.labels) == Bytes{9, 0, 5});
    CHECK(bytes_of(dataset.test.labels) == Bytes{1, 2});
    REQUIRE(dataset.train.pixels.size() == 3 * side * side);
    CHECK(dataset.train.pixels[2 * side * side + 27] == 27);
    CHECK(dataset.train.pixels[2 * side * side + 28] == 2);
}

TEST_CASE("The digest tells the same data wherever and however it lies, and other data apart", "[datasets]")
{
    const SmallMnist plain;
    const SmallMnist packed;
    write(packed.path() / "train-images-idx3-ubyte.gz", gzipped(images(3)));
    std::filesystem::remove(packed.path() / "train-images-idx3-ubyte");
    const auto digest = load({.dataset = "mnist"}, plain.path()).sha256;
    CHECK(digest.size() == 64);
    CHECK(digest == load({.dataset = "mnist"}, packed.path()).sha256);
    CHECK(digest == load({.dataset = "fashion-mnist"}, plain.path()).sha256);
    write(packed.path() / "train-labels-idx1-ubyte", labels({9, 0, 6}));
    CHECK(digest != load({.dataset = "mnist"}, packed.path()).sha256);
}

TEST_CASE("A missing file is one error with the file and the way to get it", "[datasets]")
{
    const SmallMnist folder;
    std::filesystem::remove(folder.path() / "train-labels-idx1-ubyte");
    CHECK_THAT(folder.error(), Contains("train-labels-idx1-ubyte: no such file") && Contains("--data-dir"));
    CHECK_THAT(message_of<DataError>([&] { (void)load({.dataset = "fashion-mnist"}, folder.path() / "absent"); }),
               Contains("absent/train-images-idx3-ubyte: no such file") && Contains("dataset-fashion-mnist"));
}

TEST_CASE("IDX files may have a dot in their names, gzipped or not, but not both names at once", "[datasets]")
{
    const SmallMnist folder;
    const auto digest = load({.dataset = "mnist"}, folder.path()).sha256;
    const auto dashed = folder.path() / "train-images-idx3-ubyte";
    std::filesystem::remove(dashed);
    std::filesystem::remove(folder.path() / "t10k-labels-idx1-ubyte.gz");
    CHECK_THAT(folder.error(),
               Contains("train-images-idx3-ubyte: no such file, nor train-images.idx3-ubyte, nor either "
                        "with .gz; "));
    write(folder.path() / "train-images.idx3-ubyte", images(3));
    write(folder.path() / "t10k-labels.idx1-ubyte.gz", gzipped(labels({1, 2})));
    CHECK(load({.dataset = "mnist"}, folder.path()).sha256 == digest);
    CHECK(packed_files({.dataset = "mnist"}, folder.path()).size() == 4);

    // A folder of that name, as an archive that holds everything twice unpacks to, is none of them.
    std::filesystem::create_directory(dashed);
    CHECK(load({.dataset = "mnist"}, folder.path()).sha256 == digest);

    std::filesystem::remove(dashed);
    write(dashed, images(3));
    CHECK_THAT(folder.error(), Contains("train-images-idx3-ubyte and train-images.idx3-ubyte: two files for the same; "
                                        "remove the one that you don't mean"));
}

TEST_CASE("A damaged file is named, with the way to get a good one", "[datasets]")
{
    const SmallMnist folder;
    auto cut = images(3);
    cut.resize(cut.size() / 2);
    write(folder.path() / "train-images-idx3-ubyte", cut);
    CHECK_THAT(folder.error(), Contains("train-images-idx3-ubyte: ends after") && Contains("3 x 28 x 28") &&
                                   Contains("--data-dir") && !Contains("\n"));
}

TEST_CASE("Images and labels must be equally many", "[datasets]")
{
    const SmallMnist folder;
    write(folder.path() / "train-labels-idx1-ubyte", labels({9, 0}));
    CHECK_THAT(folder.error(), Contains("train-labels-idx1-ubyte: 2 labels; expected 3"));
}

TEST_CASE("A label outside the classes is refused with its place", "[datasets]")
{
    const SmallMnist folder;
    write(folder.path() / "train-labels-idx1-ubyte", labels({9, 10, 0}));
    CHECK_THAT(folder.error(), Contains("label 10 of sample 1; expected 0 to 9"));
}

TEST_CASE("Images of another size, or none at all, are refused", "[datasets]")
{
    const SmallMnist folder;
    write(folder.path() / "train-images-idx3-ubyte", idx_bytes({3, 2, 2}, Bytes(12)));
    CHECK_THAT(folder.error(), Contains("images of 2 x 2 pixels; expected 28 x 28"));
    write(folder.path() / "train-images-idx3-ubyte", idx_bytes({0, side, side}, {}));
    CHECK_THAT(folder.error(), Contains("holds no image"));
}

TEST_CASE("EMNIST's images are turned upright and its letters start at class 0", "[datasets]")
{
    const TemporaryFolder folder;
    for (const std::string part : {"train", "test"}) {
        write(folder.path() / ("emnist-letters-" + part + "-images-idx3-ubyte"), images(2));
        write(folder.path() / ("emnist-letters-" + part + "-labels-idx1-ubyte"), labels({1, 26}));
    }
    const auto dataset = load({.dataset = "emnist-letters"}, folder.path());
    CHECK(dataset.classes == 26);
    CHECK(bytes_of(dataset.train.labels) == Bytes{0, 25});
    // The file's first row 0, 1, ..., 27 is the picture's first column.
    for (std::uint32_t row = 0; row < side; ++row) CHECK(dataset.train.pixels[side * side + row * side] == row);
    CHECK(dataset.train.pixels[side * side + 1] == 1);

    write(folder.path() / "emnist-letters-test-labels-idx1-ubyte", labels({0, 26}));
    CHECK_THAT(message_of<DataError>([&] { (void)load({.dataset = "emnist-letters"}, folder.path()); }),
               Contains("label 0 of sample 0; expected 1 to 26"));
}

TEST_CASE("An unknown dataset is an error of the specification that lists the known ones", "[datasets]")
{
    const auto text = message_of<SpecError>([] { (void)load({.dataset = "cifar-10"}, std::nullopt); });
    for (const auto& name : dataset_names()) CHECK_THAT(text, Contains(name));
    CHECK(dataset_names().size() == 14);
}

TEST_CASE("A dataset that no package brings needs a folder", "[datasets]")
{
    CHECK_THAT(message_of<SpecError>([] { (void)load({.dataset = "mnist"}, std::nullopt); }), Contains("--data-dir"));
    CHECK_FALSE(at_hand("mnist"));
    CHECK(at_hand("fashion-mnist"));
}

TEST_CASE("Fashion-MNIST comes whole from its Debian package", "[datasets]")
{
    const auto dataset = load({.dataset = "fashion-mnist"}, std::nullopt);
    CHECK(dataset.train.size() == 60'000);
    CHECK(dataset.test.size() == 10'000);
    for (std::uint8_t label = 0; label < 10; ++label) {
        CHECK(std::count(dataset.train.labels.begin(), dataset.train.labels.end(), label) == 6'000);
        CHECK(std::count(dataset.test.labels.begin(), dataset.test.labels.end(), label) == 1'000);
    }
    // By Python: hashlib over the four files, unpacked and without their headers.
    CHECK(dataset.sha256 == "ca3ab2a37f845e1b8ae23cab1b51749a3011ba3bf1d9016176d75cbaabac376f");
}
