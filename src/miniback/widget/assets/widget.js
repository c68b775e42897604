(()=>{console.info("Miniback")})();
