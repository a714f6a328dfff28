# The judge of Urteil. Build the application first: ops/urteil build
FROM eclipse-temurin:25-jre

COPY ops/app/target/quarkus-app/lib/ /urteil/lib/
COPY ops/app/target/quarkus-app/app/ /urteil/app/
COPY ops/app/target/quarkus-app/quarkus/ /urteil/quarkus/
COPY ops/app/target/quarkus-app/quarkus-run.jar /urteil/

ENV OMP_NUM_THREADS=1 OMP_WAIT_POLICY=PASSIVE
VOLUME /data
EXPOSE 8080
ENTRYPOINT ["java", "--enable-native-access=ALL-UNNAMED", "--sun-misc-unsafe-memory-access=allow", "--add-opens=java.base/java.lang=ALL-UNNAMED", "-XX:+UseSerialGC", "-Dorg.bytedeco.javacpp.cachedir=/data/natives", "-jar", "/urteil/quarkus-run.jar", "up", "--only", "judge"]
