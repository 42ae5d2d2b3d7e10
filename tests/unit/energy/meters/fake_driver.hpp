#pragma once

#include <dlfcn.h>

#include <catch2/catch.hpp>

#include "tests/support/places.hpp"
#include "tests/unit/energy/meters/fake_nvml.h"

namespace fedgram::energy::test {

/// The fake library held open, so that its answers can be set.
class FakeDriver {
public:
    FakeDriver() : handle_{::dlopen(fedgram::test::fake_nvml_library().c_str(), RTLD_NOW | RTLD_LOCAL)}
    {
        REQUIRE(handle_ != nullptr);
        answers_ = static_cast<FakeNvml*>(::dlsym(handle_, "fake_nvml"));
        *answers_ = {};
        answers_->gpus = 1;
        answers_->busy_percent = 75;
    }
    FakeDriver(const FakeDriver&) = delete;
    FakeDriver& operator=(const FakeDriver&) = delete;
    ~FakeDriver() { ::dlclose(handle_); }

    FakeNvml* operator->() const { return answers_; }

private:
    void* handle_;
    FakeNvml* answers_ = nullptr;
};

}  // namespace fedgram::energy::test
