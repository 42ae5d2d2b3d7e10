#include "datasets/readers/own_data.hpp"

#include <sys/stat.h>

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "common/error/error.hpp"
#include "common/files/files.hpp"
#include "datasets/readers/own_files.hpp"
#include "datasets/readers/own_names.hpp"
#include "tests/support/own_files.hpp"

using namespace fedgram;
using namespace fedgram::datasets;
using namespace fedgram::datasets::test;
using Catch::Contains;
using spec::DataFiles;
using spec::DataFormat;
using Floats = std::vector<float>;

namespace {

Bytes bytes_of(std::span<const std::uint8_t> part) { return {part.begin(), part.end()}; }
Floats floats_of(std::span<const float> part) { return {part.begin(), part.end()}; }

/// A folder, and data in it that is complete but for its files.
struct Own : TemporaryFolder {
    DataFiles data;

    explicit Own(DataFormat format) { data.format = format; }

    std::string text(const std::string& name, const std::string& bytes) const
    {
        files::write_file(path() / name, bytes);
        return path() / name;
    }
    [[nodiscard]] Dataset read() const { return load_own("mine", data); }
    [[nodiscard]] std::string error() const
    {
        return message_of<DataError>([&] { static_cast<void>(read()); });
    }
};

/// Four samples of 2 x 1 x 2 bytes, labelled 5, 7, 5, 7.
const Bytes samples{1, 2, 3, 4, 11, 12, 13, 14, 21, 22, 23, 24, 31, 32, 33, 34};

struct Arrays : Own {
    explicit Arrays(const std::string& type = "|u1", const std::string& values = raw(samples),
                    const std::string& label_type = "<i8", const std::string& labels = raw<std::int64_t>({5, 7, 5, 7}))
        : Own{DataFormat::npy}
    {
        data.train = {.samples = text("x.npy", npy_bytes(type, {4, 2, 1, 2}, values)),
                      .labels = text("y.npy", npy_bytes(label_type, {4}, labels))};
        data.test = data.train;
    }
};

struct Csv : Own {
    explicit Csv(const std::string& train, const std::string& test = "") : Own{DataFormat::csv}
    {
        data.train.files = {text("train.csv", train)};
        data.test.files = {text("test.csv", test.empty() ? train : test)};
    }
};

}  // namespace

TEST_CASE("An array of bytes keeps its bytes, and labels get places in the order of their numbers", "[own]")
{
    const auto data = Arrays{}.read();
    CHECK((data.channels == 2 && data.height == 1 && data.width == 2));
    CHECK(bytes_of(data.train.pixels) == samples);
    CHECK(data.train.values.empty());
    CHECK(data.classes == 2);
    CHECK(bytes_of(data.train.labels) == Bytes{0, 1, 0, 1});
    CHECK(bytes_of(data.test.pixels) == samples);
}

TEST_CASE("Other numbers become floats; texts of NumPy are labels", "[own]")
{
    std::vector<double> doubles;
    std::vector<std::int16_t> whole;
    for (const auto value : samples) {
        doubles.push_back(value / 4.0);
        whole.push_back(static_cast<std::int16_t>(-value));
    }
    // "ab" and "é" in UTF-32, filled up.
    const std::string labels = raw<std::uint32_t>({'a', 'b', 0xE9, 0, 'a', 'b', 0xE9, 0});
    const auto data = Arrays{"<f8", raw(doubles), "<U2", labels}.read();
    CHECK(data.train.pixels.empty());
    CHECK(data.train.values[5] == 3.0F);
    CHECK(bytes_of(data.train.labels) == Bytes{0, 1, 0, 1});
    CHECK(Arrays("<i2", raw(whole)).read().train.values[15] == -34);
    CHECK(Arrays("|i1", raw(std::vector<std::int8_t>(16, -128))).read().train.values[0] == -128);
    CHECK(Arrays("|i1", raw(std::vector<std::int8_t>(16, 127))).read().train.values[0] == 127);
    // Halves: 1.0, -2.0, 0.5 (0x3800), the smallest subnormal.
    std::vector<std::uint16_t> halves(16, 0x3C00);
    halves[1] = 0xC000;
    halves[2] = 0x3800;
    halves[3] = 1;
    const auto half = Arrays{"<f2", raw(halves)}.read();
    CHECK(floats_of(half.train.values.first(4)) == Floats{1, -2, 0.5, 0x1p-24F});
}

TEST_CASE("What isn't an array as numpy.save writes it is refused with what it is", "[own]")
{
    CHECK_THAT(Arrays(">f4", raw(Floats(16))).error(),
               Contains("x.npy: values of type \">f4\"; expected little-endian"));
    CHECK_THAT(Arrays("|O", raw(samples)).error(), Contains("type \"|O\""));
    for (const auto* type : {"<U0", "|S0", "<U1152921504606846976", "|S-1"})
        CHECK_THAT(Arrays("|u1", raw(samples), type, "").error(), Contains("y.npy: values of type"));
    CHECK_THAT(Arrays("<f4", raw(Floats(15))).error(), Contains("60 bytes of values; its header says 64"));
    CHECK_THAT(Arrays("|u1", raw(samples), "<f4", raw(Floats(4))).error(), Contains("y.npy: labels are floats"));
    Floats not_finite(16);
    not_finite[9] = std::numeric_limits<float>::quiet_NaN();
    CHECK_THAT(Arrays("<f4", raw(not_finite)).error(), Contains("x.npy: sample 2 holds nan; expected finite"));
    std::vector<std::int64_t> large(16);
    large[4] = 1 << 25;
    CHECK_THAT(Arrays("<i8", raw(large)).error(), Contains("33554432 in sample 1"));
    Arrays own;
    own.text("x.npy", npy_bytes("|u1", {4, 4}, raw(samples), "True"));
    CHECK_THAT(own.error(), Contains("column by column; save numpy.ascontiguousarray"));
    own.text("x.npy", npy_bytes("|u1", {8, 2}, raw(samples)));
    CHECK_THAT(own.error(), Contains("y.npy: 4 labels; expected 8, one for each sample"));
    for (const std::string shape : {"(-4, 4)", "(4.5, 4)", "4"}) {
        auto bytes = npy_bytes("|u1", {4, 4}, raw(samples));
        own.text("x.npy", bytes.replace(bytes.find("(4, 4)"), 6, shape));
        CHECK_THAT(own.error(), Contains("x.npy: its header's shape is "));
    }
    auto wraps = npy_bytes("|u1", {4, 4}, raw(samples));
    own.text("x.npy", wraps.replace(wraps.find("(4, 4)"), 6, "(4294967295, 4294967295, 4294967295)"));
    CHECK_THAT(own.error(), Contains("more than 2^40 values"));
    own.text("x.npy", "PK");
    CHECK_THAT(own.error(), Contains("x.npy: no NumPy array"));
    const auto whole = npy_bytes("|u1", {4, 4}, raw(samples));
    for (const std::size_t length : {0U, 7U, 11U, 40U}) {
        own.text("x.npy", whole.substr(0, length));
        CHECK_THAT(own.error(), Contains("x.npy: "));
    }
}

TEST_CASE("An archive's arrays are found by their names", "[own]")
{
    Own own{DataFormat::npz};
    const auto path = own.path() / "all.npz";
    write_npz(path, {{"x_train", npy_bytes("|u1", {4, 2, 2}, raw(samples))},
                     {"y_train", npy_bytes("|u1", {4}, raw<std::uint8_t>({3, 3, 0, 1}))},
                     {"x_test", npy_bytes("|u1", {1, 2, 2}, raw<std::uint8_t>({9, 8, 7, 6}))},
                     {"y_test", npy_bytes("|u1", {1}, raw<std::uint8_t>({2}))}});
    own.data.train = {.files = {path}, .samples = "x_train", .labels = "y_train"};
    own.data.test = {.files = {path}, .samples = "x_test", .labels = "y_test"};
    const auto data = own.read();
    CHECK(bytes_of(data.train.labels) == Bytes{3, 3, 0, 1});  // class 2 is in the test set alone
    CHECK(bytes_of(data.test.pixels) == Bytes{9, 8, 7, 6});
    own.data.train.labels = "labels";
    CHECK_THAT(own.error(), Contains("no array \"labels\"; it has x_train, y_train, x_test, y_test"));
    own.text("all.npz", "no archive");
    CHECK_THAT(own.error(), Contains("all.npz: no archive that can be read"));
}

TEST_CASE("IDX may have any shape", "[own]")
{
    Own own{DataFormat::idx};
    own.data.train = {.samples = write(own.path() / "x.idx4-ubyte", idx_bytes({4, 1, 2, 2}, samples)),
                      .labels = write(own.path() / "y.gz", gzipped(idx_bytes({4}, {0, 1, 2, 2})))};
    own.data.test = own.data.train;
    const auto data = own.read();
    CHECK((data.channels == 1 && data.height == 2 && data.width == 2 && data.classes == 3));
    write(own.path() / "x.idx4-ubyte", {0, 0, 13, 1, 0, 0, 0, 0});
    CHECK_THAT(own.error(), Contains("magic number 0x00000d01; expected 0x000008nn (IDX, unsigned bytes"));
}

TEST_CASE("Channels may come last, and a shape is given to flat samples", "[own]")
{
    Own own{DataFormat::npy};
    // One sample of 1 x 2 pixels of 3 channels: pixels (1, 2, 3) and (4, 5, 6).
    own.data.train = {
        .samples = own.text("x.npy",
                            npy_bytes("|u1", {2, 1, 2, 3}, raw<std::uint8_t>({1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12}))),
        .labels = own.text("y.npy", npy_bytes("|u1", {2}, raw<std::uint8_t>({0, 1})))};
    own.data.test = own.data.train;
    own.data.channels = spec::ChannelAxis::last;
    auto data = own.read();
    CHECK((data.channels == 3 && data.height == 1 && data.width == 2));
    CHECK(bytes_of(data.train.pixels) == Bytes{1, 4, 2, 5, 3, 6, 7, 10, 8, 11, 9, 12});
    own.data.channels = spec::ChannelAxis::first;
    own.data.shape = {6};
    data = own.read();
    CHECK((data.channels == 1 && data.height == 1 && data.width == 6));
    own.data.shape = {2, 2};
    CHECK_THAT(own.error(), Contains("x.npy: sample 0 has 1 x 2 x 3 values; data.shape says 2 x 2"));
}

TEST_CASE("A CSV row is a sample, whichever columns are asked for", "[own]")
{
    Csv own{"\xEF\xBB\xBFid,\"a, b\",c,kind\r\n1, 0.5,-2,cat\r\n2,+1e1,\"3\",dog\r\n\r\n"};
    own.data.label_column = "kind";
    own.data.feature_columns = {"c", "a, b"};
    const auto data = own.read();
    CHECK((data.channels == 1 && data.height == 1 && data.width == 2));
    CHECK(floats_of(data.train.values) == Floats{-2, 0.5, 3, 10});
    CHECK(bytes_of(data.train.labels) == Bytes{0, 1});
    own.data.feature_columns.clear();
    own.data.node_column = "id";
    CHECK(own.read().train.nodes.size() == 2);
}

TEST_CASE("The names of classes and owners are kept by their numbers", "[own]")
{
    Csv own{"a,label,who\n1,no,zoe\n2,yes,ann\n3,no,zoe\n"};
    CHECK(own_names(Dataset{}).classes.empty());
    own.data.feature_columns = {"a"};
    CHECK(own_names(own.read()).owners.empty());
    own.data.node_column = "who";
    const auto names = own_names(own.read());
    CHECK(names.classes == std::vector<std::string>{"no", "yes"});
    CHECK(names.owners == std::vector<std::string>{"zoe", "ann"});
}

TEST_CASE("A label in quotes may hold quotes, commas and line ends", "[own]")
{
    Csv own{"a,label\n1,\"the \"\"a\"\", \nor b\"\n2,c\n3,c\n"};
    CHECK(own_names(own.read()).classes == std::vector<std::string>{"c", "the \"a\", \nor b"});
    CHECK_THAT(Csv("a,label\n1,\"x\ny\"\nz,x\n").error(), Contains("train.csv:4: \"z\" in column \"a\""));
    CHECK_THAT(Csv("a,label\n1,\"x\"y\n").error(), Contains("train.csv:2: text behind a field in quotes"));
}

TEST_CASE("Truth values are numbers, and labels may stand in a column", "[own]")
{
    Arrays own{"|b1", raw(std::vector<std::uint8_t>(16, 1))};
    CHECK(own.read().train.values[0] == 1);
    own.text("y.npy", npy_bytes("|u1", {4, 1}, raw<std::uint8_t>({1, 0, 1, 0})));
    CHECK(bytes_of(own.read().train.labels) == Bytes{1, 0, 1, 0});
}

TEST_CASE("Own files are found where their folder is said to be, and have no known name", "[own]")
{
    Own own{DataFormat::csv};
    own.text("t.csv", "a,label\n1,0\n2,1\n");
    own.data.train.files = {"t.csv"};
    own.data.test.files = {"t.csv"};
    own.data.folder = own.path();
    const auto load_as = [&](const std::string& name, const std::optional<std::filesystem::path>& folder) {
        return load({.dataset = name, .own = own.data}, folder);
    };
    CHECK(load_as("mine", {}).train.size() == 2);
    own.data.folder = "/nowhere";
    CHECK_THROWS_AS(load_as("mine", {}), DataError);
    CHECK(load_as("mine", own.path()).train.size() == 2);
    CHECK_THROWS_WITH(load_as("mnist", own.path()), Contains("\"mnist\" is a known dataset"));
}

TEST_CASE("What would be waited for, or has no class, is refused", "[own]")
{
    Own own{DataFormat::csv};
    const auto pipe = own.path() / "pipe.csv";
    REQUIRE(::mkfifo(pipe.c_str(), 0600) == 0);
    own.data.train.files = {pipe};
    own.data.test = own.data.train;
    CHECK_THAT(own.error(), Contains("pipe.csv: neither a file nor a folder"));
    own.data.format = DataFormat::images;
    own.data.train.files = {own.path()};
    own.data.test = own.data.train;
    std::filesystem::create_directory(own.path() / "cat");
    CHECK_THAT(own.error(), Contains("cat: a class without an image"));
    std::filesystem::create_directory(own.path() / "cat/more");
    CHECK_THAT(own.error(), Contains("cat/more: a folder within that of a class"));
    write_png(own.path() / "loose.png", 1, 1, 1, {1});
    CHECK_THAT(own.error(), Contains("more: a folder within") || Contains("loose.png: an image without a class"));
}

TEST_CASE("A row that is no sample is named by its line and its column", "[own]")
{
    CHECK_THAT(Csv("a,b,label\n1,2,0\n1,,1\n").error(), Contains("train.csv:3: column \"b\" is empty"));
    CHECK_THAT(Csv("a,b,label\n1,NA,0\n").error(),
               Contains("train.csv:2: \"NA\" in column \"b\"; expected a finite number"));
    CHECK_THAT(Csv("a,b,label\n1,inf,0\n").error(), Contains("train.csv:2: \"inf\""));
    CHECK_THAT(Csv("a,b,label\n1,2\n").error(), Contains("train.csv:2: 2 fields; the heading has 3"));
    CHECK_THAT(Csv("a,b,label\n1,2,\n").error(), Contains("train.csv:2: column \"label\" is empty"));
    CHECK_THAT(Csv("a,b,class\n1,2,0\n").error(), Contains("no column \"label\"; it has a, b, class"));
    CHECK_THAT(Csv("label\n1\n").error(), Contains("no column of features"));
    CHECK_THAT(Csv("a,label\n").error(), Contains("no row below the heading"));
    CHECK_THAT(Csv("a,label\n1,0\n").error(), Contains("one class alone, \"0\""));
    CHECK_THAT(Csv("a,b,label\n1,2,0\n2,3,1\n", "b,a,label\n1,2,0\n").error(),
               Contains("test.csv:2 has the feature \"b\" where the training set has \"a\""));
    CHECK_THAT(Csv("a,a,label\n1,2,0\n").error(), Contains("train.csv:1: column \"a\" stands twice"));
    CHECK_THAT(Csv("a,label\n1,\"x\n2,y\n").error(), Contains("train.csv:2: a quote that isn't closed"));
    CHECK_THAT(Csv("a,label\n1,0\n2,1\n", "a,b,label\n1,1,0\n").error(),
               Contains("test.csv:2 has 2 values; expected 1"));
    std::string many = "a,label\n";
    for (int i = 0; i < 257; ++i) many += "1," + std::to_string(i) + "\n";
    CHECK_THAT(Csv(many).error(), Contains("257 classes, such as \"0\" and \"256\"; expected 256 at most"));
}

TEST_CASE("Given classes are in the order given, and no other label is taken", "[own]")
{
    Csv own{"a,label\n1,no\n2,yes\n"};
    own.data.labels = {"yes", "no", "maybe"};
    CHECK(bytes_of(own.read().train.labels) == Bytes{1, 0});
    CHECK(own.read().classes == 3);
    own.data.labels = {"yes", "maybe"};
    CHECK_THAT(own.error(), Contains("train.csv:2: label \"no\" is not among data.labels"));
}

TEST_CASE("Whole numbers are sorted as numbers, and come before texts", "[own]")
{
    CHECK(bytes_of(Csv("a,label\n1,10\n2,9\n3,b\n4,-1\n").read().train.labels) == Bytes{2, 1, 3, 0});
}

TEST_CASE("Standardized features have mean 0 and deviation 1 in the training set", "[own]")
{
    Csv own{"a,b,label\n1,7,0\n3,7,1\n", "a,b,label\n5,8,0\n"};
    own.data.standardize = true;
    const auto data = own.read();
    CHECK(floats_of(data.train.values) == Floats{-1, 0, 1, 0});  // b is always the same
    CHECK(floats_of(data.test.values) == Floats{3, 0});
    CHECK(nlohmann::json::parse(data.making) == nlohmann::json::parse(R"({"classes": ["0", "1"], "features": ["a", "b"],
        "standardized_by": {"mean": [2, 7], "standard_deviation": [1, 0]}})"));
    Arrays bytes;
    bytes.data.standardize = true;
    CHECK_THAT(bytes.error(), Contains("its samples are bytes; data.standardize is for numbers"));
}

TEST_CASE("Without a test set a share of each class is held out, always the same", "[own]")
{
    std::string text = "a,label\n";
    for (int i = 0; i < 100; ++i) text += std::to_string(i) + "," + (i < 80 ? "x" : "y") + "\n";
    Csv own{text};
    own.data.test = {};
    own.data.test_share = 0.25;
    const auto data = own.read();
    CHECK(data.train.size() == 75);
    CHECK(data.test.size() == 25);
    CHECK(std::ranges::count(data.test.labels, 1) == 5);
    std::vector<float> all = floats_of(data.train.values);
    all.insert(all.end(), data.test.values.begin(), data.test.values.end());
    std::ranges::sort(all);
    CHECK(std::ranges::adjacent_find(all) == all.end());
    CHECK(own.read().sha256 == data.sha256);
}

TEST_CASE("A folder of images has a class in each folder", "[own]")
{
    Own own{DataFormat::images};
    std::filesystem::create_directories(own.path() / "train/dog");
    std::filesystem::create_directories(own.path() / "train/cat");
    write_png(own.path() / "train/dog/1.png", 1, 2, 3, {1, 2, 3, 4, 5, 6});
    write_png(own.path() / "train/cat/b.PNG", 1, 2, 3, {7, 8, 9, 10, 11, 12});
    own.text("train/cat/notes.txt", "no image");
    own.data.train.files = {own.path() / "train"};
    own.data.test = own.data.train;
    const auto data = own.read();
    CHECK((data.channels == 3 && data.height == 1 && data.width == 2 && data.classes == 2));
    CHECK(bytes_of(data.train.pixels) == Bytes{7, 10, 8, 11, 9, 12, 1, 4, 2, 5, 3, 6});
    CHECK(bytes_of(data.train.labels) == Bytes{0, 1});
    CHECK(own_files(own.data).size() == 4);

    write_png(own.path() / "train/dog/2.png", 1, 2, 1, {1, 2});
    CHECK_THAT(own.error(), Contains("2.png: 1 x 2 grey pixels; expected 1 x 2 pixels in colour, as "));
    own.text("train/dog/2.png", "no image");
    CHECK_THAT(own.error(), Contains("dog/2.png: no PNG that can be read"));
    own.text("train/dog/2.png", files::read_file(own.path() / "train/dog/1.png").substr(0, 50));
    CHECK_THAT(own.error(), Contains("dog/2.png: no PNG that can be read"));
    std::filesystem::remove(own.path() / "train/dog/2.png");
    own.text("train/dog/3.jpeg", "no image");
    CHECK_THAT(own.error(), Contains("3.jpeg: no JPEG that can be read"));
    own.data.train.files = {own.path() / "train/cat"};
    CHECK_THAT(own.error(), Contains("b.PNG: an image without a class"));
    own.data.train.files = {own.path() / "absent"};
    CHECK_THAT(own.error(), Contains("absent can't be read"));
}

TEST_CASE("A JPEG's pixels are as its decoder gives them; one that is cut off is refused", "[own]")
{
    Own own{DataFormat::images};
    for (const auto* name : {"a", "b"}) std::filesystem::create_directories(own.path() / name);
    write_jpeg(own.path() / "a/1.jpg", 16, 16, Bytes(256, 100));
    write_jpeg(own.path() / "b/1.jpg", 16, 16, Bytes(256, 200));
    own.data.train.files = {own.path()};
    own.data.test = own.data.train;
    const auto data = own.read();
    CHECK((data.channels == 1 && data.height == 16));
    CHECK(std::abs(data.train.pixels[0] - 100) <= 1);
    CHECK(std::abs(data.train.pixels[511] - 200) <= 1);
    auto bytes = files::read_file(own.path() / "b/1.jpg");
    bytes.resize(bytes.size() - 8);
    own.text("b/1.jpg", bytes);
    CHECK_THAT(own.error(), Contains("b/1.jpg: no JPEG that can be read"));
}

TEST_CASE("CIFAR's records may be as many as there are; a superclass is a label too", "[own]")
{
    Own own{DataFormat::cifar100};
    Bytes records;
    for (const auto label : Bytes{3, 90}) {
        records.push_back(static_cast<std::uint8_t>(label / 5));
        records.push_back(label);
        records.insert(records.end(), 3072, label);
    }
    own.data.train.files = {write(own.path() / "some.bin", records)};
    own.data.test = own.data.train;
    const auto data = own.read();
    CHECK((data.channels == 3 && data.height == 32 && data.width == 32 && data.classes == 2));
    CHECK(data.train.pixels[3072] == 90);
    own.data.format = DataFormat::cifar100_coarse;
    CHECK(own.read().train.labels[1] == 1);
    // A record is counted in its own file.
    own.data.train.files.push_back(own.data.train.files.front() + "-2");
    write(own.data.train.files.back(), records);
    own.data.labels = {"0", "1"};
    CHECK_THAT(own.error(), Contains("some.bin: record 1: label \"18\""));
    records[0] = 9;
    records[3074] = 0;
    write(own.data.train.files.front(), Bytes(records.begin() + 3074, records.end()));
    write(own.data.train.files.back(), records);
    CHECK_THAT(own.error(), Contains("some.bin-2: record 0: label \"9\""));
    own.data.labels.clear();
    own.data.format = DataFormat::cifar10;
    CHECK_THAT(own.error(), Contains("some.bin"));
}

TEST_CASE("LEAF's users are nodes, and its white background is told", "[own]")
{
    Own own{DataFormat::leaf};
    std::filesystem::create_directories(own.path() / "train");
    own.text("train/b.json",
             R"({"users": ["w2"], "num_samples": [1], "user_data": {"w2": {"x": [[1, 1, 0, 1]], "y": [7]}}})");
    own.text("train/a.json", R"({"users": ["w9", "w1"], "num_samples": [1, 2],
      "user_data": {"w9": {"x": [[1, 1, 1, 0.5]], "y": [3]}, "w1": {"x": [[1, 1, 1, 1], [1, 0, 1, 1]], "y": [3, 7]}}})");
    own.data.train.files = {own.path() / "train"};
    own.data.test.files = {own.path() / "train/b.json"};
    own.data.shape = {2, 2};
    const auto data = own.read();
    CHECK((data.height == 2 && data.width == 2));
    CHECK(std::vector<std::uint32_t>{data.train.nodes.begin(), data.train.nodes.end()} ==
          std::vector<std::uint32_t>{0, 1, 1, 2});
    CHECK(data.test.nodes[0] == 2);
    CHECK(bytes_of(data.train.labels) == Bytes{0, 0, 1, 1});
    CHECK_THAT(data.note, Contains("1 on the background"));

    own.text("train/a.json", R"({"users": ["w9"], "user_data": {"w9": {"x": [[1, 1, 1]], "y": [3, 4]}}})");
    CHECK_THAT(own.error(), Contains("user \"w9\": \"x\" and \"y\" are no lists of one length"));
    own.text("train/a.json", R"({"users": ["w9"], "user_data": {}})");
    CHECK_THAT(own.error(), Contains("a.json: 1 users; \"user_data\" has 0"));
    const std::string one = R"("w9": {"x": [[1, 1, 1, 1]], "y": [3]})";
    own.text("train/a.json", R"({"users": ["w8"], "user_data": {)" + one + "}}");
    CHECK_THAT(own.error(), Contains("a.json: user_data: has no \"w8\""));
    own.text("train/a.json", R"({"users": ["w9", "w9"], "user_data": {)" + one + R"(, "b": 1}})");
    CHECK_THAT(own.error(), Contains("user \"w9\" stands twice"));
    own.text("train/a.json", R"({"users": ["w9"], "num_samples": [2], "user_data": {)" + one + "}}");
    CHECK_THAT(own.error(), Contains("has 1 samples, which \"num_samples\" doesn't say"));
    own.text("train/a.json", "{");
    CHECK_THAT(own.error(), Contains("a.json:1"));
}

TEST_CASE("LEAF's texts become the places of their characters", "[own]")
{
    Own own{DataFormat::leaf};
    const auto path = own.text(
        "s.json", R"({"users": ["HAMLET"], "user_data": {"HAMLET": {"x": ["to b", "o be"], "y": ["e", " "]}}})");
    own.data.train.files = {path};
    own.data.test = own.data.train;
    const auto data = own.read();
    CHECK(data.classes == 5);  // " ", b, e, o, t
    CHECK(floats_of(data.train.values) == Floats{4, 3, 0, 1, 3, 0, 1, 2});
    CHECK(bytes_of(data.train.labels) == Bytes{2, 0});
    CHECK(data.note.empty());
}
