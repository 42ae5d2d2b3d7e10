# `cmake --build build/release --target package` makes two Debian packages in build/release: fedgram, and fedgram-torch,
# its engine for TorchScript models. That one is apart since LibTorch is larger than all else together, and models of
# layers don't need it.
set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_CONTACT "Fedgram maintainers <maintainers@fedgram.invalid>")
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_STRIP_FILES ON)
set(CPACK_VERBATIM_VARIABLES ON)
set(CPACK_PRE_BUILD_SCRIPTS ${CMAKE_CURRENT_SOURCE_DIR}/debian_places.cmake)

set(CPACK_COMPONENTS_ALL fedgram)
if(FEDGRAM_TORCH)
  list(APPEND CPACK_COMPONENTS_ALL torch)
endif()
set(CPACK_DEB_COMPONENT_INSTALL ON)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SECTION science)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION ON)

set(CPACK_DEBIAN_FEDGRAM_PACKAGE_NAME fedgram)
set(CPACK_DEBIAN_FEDGRAM_DESCRIPTION "federated against centralized learning, in grams of CO2e
Fedgram trains the same model to the same accuracy in two ways: on a data-centre
GPU, and by federated averaging over many small devices. It prices both for any
country's grid, PUE and device, in one table.")
# What the specifications that ship train on; data of one's own need no package.
set(CPACK_DEBIAN_FEDGRAM_PACKAGE_RECOMMENDS dataset-fashion-mnist)
set(CPACK_DEBIAN_FEDGRAM_PACKAGE_SUGGESTS fedgram-torch)

set(CPACK_DEBIAN_TORCH_PACKAGE_NAME fedgram-torch)
set(CPACK_DEBIAN_TORCH_DESCRIPTION "Fedgram's engine for TorchScript models
With this package fedgram trains models of PyTorch that were saved as TorchScript,
by LibTorch.")
# The two are built together.
set(CPACK_DEBIAN_TORCH_PACKAGE_DEPENDS "fedgram (= ${PROJECT_VERSION})")
# LibTorch takes any BLAS; the reference is many times slower.
set(CPACK_DEBIAN_TORCH_PACKAGE_RECOMMENDS libopenblas0-pthread)

include(CPack)
