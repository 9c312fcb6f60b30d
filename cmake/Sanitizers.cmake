if(FANGZHI_SANITIZE)
  add_compile_options(-fsanitize=${FANGZHI_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=all)
  add_link_options(-fsanitize=${FANGZHI_SANITIZE})
endif()
